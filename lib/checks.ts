import { createRequire } from 'node:module';
import { type App, Validations } from 'aws-cdk-lib';

/**
 * Makes synthesis fail where a template breaks a rule of AwsSolutions or of Serverless, and nobody gave a reason beside
 * the resource. The rules are loaded here: they take longer than all else, and the local cloud does without them.
 */
export function addChecks(app: App): void {
  const { AwsSolutionsChecks, ServerlessChecks } = createRequire(import.meta.url)(
    'cdk-nag',
  ) as typeof import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}
