import { readFileSync } from 'node:fs';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import { checkIamActions } from './iam-actions.ts';
import { checkStateMachines } from './state-machines.ts';
import type { Finding, TemplateCheck } from './template.ts';

const checks: readonly TemplateCheck[] = [checkIamActions, checkStateMachines];

/** Has the CDK refuse a synthesis in whose templates a check of ours finds something. */
export class TemplateChecks implements IPolicyValidationPlugin {
  readonly name = 'Kilat';

  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = stackTemplates.flatMap(({ templatePath }) => {
      const template = JSON.parse(readFileSync(templatePath, 'utf8'));
      return checks.flatMap((check) => check(template)).map((finding) => violation(finding, templatePath));
    });
    return { success: violations.length === 0, violations };
  }
}

const violation = ({ rule, logicalId, path, message }: Finding, templatePath: string): PolicyViolation => ({
  ruleName: rule,
  description: message,
  violatingResources: [{ resourceLogicalId: logicalId, templatePath, locations: [path] }],
});
