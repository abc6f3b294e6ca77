import { createRequire } from 'node:module';
import { type App, Validations } from 'aws-cdk-lib';
import { TemplateChecks } from './template-checks.ts';

/**
 * Makes synthesis fail where a template breaks a rule of AwsSolutions or of Serverless, and nobody gave a reason beside
 * the resource, where a policy names an action that IAM does not know, and where a state machine is not valid.
 * cdk-nag is loaded here: it takes longer than all else, and the local cloud does without.
 */
export function addChecks(app: App): void {
  const { AwsSolutionsChecks, ServerlessChecks } = createRequire(import.meta.url)(
    'cdk-nag',
  ) as typeof import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app), new TemplateChecks());
}
