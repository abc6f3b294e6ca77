import type { FunctionName } from '@kilat/contracts';
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import type { KilatFunction } from './kilat-function.ts';
import { VersionAlarms } from './version-alarms.ts';

export interface LiveAliasProps {
  readonly fn: KilatFunction<FunctionName>;
  readonly stage: Stage;
}

export const LIVE_ALIAS = 'live';

/**
 * What callers of a function are given: the alias of its newest version. CodeDeploy moves it, as the stage's rollout
 * says, and back when an alarm goes off meanwhile. Grants stay with the function's role, which all versions share.
 */
export class LiveAlias extends Construct {
  readonly lambda: IFunction;

  constructor(scope: Construct, id: string, { fn, stage }: LiveAliasProps) {
    super(scope, id);
    const version = fn.lambda.currentVersion;
    version.applyRemovalPolicy(RemovalPolicy.RETAIN); // or the version to go back to would be gone after an update
    const alias = fn.lambda.addAlias(LIVE_ALIAS);
    this.lambda = alias as IFunction; // but for the type of an optional property, it is one
    const { alarms } = new VersionAlarms(this, 'Alarms', { fn, version, aliasName: LIVE_ALIAS, stage });
    this.#addDeployments(alias, alarms, stage);
  }

  #addDeployments(alias: Alias, alarms: readonly Alarm[], { rollout }: Stage): void {
    new LambdaDeploymentGroup(this, 'Deployments', {
      application: new LambdaApplication(this, 'Application'),
      alias,
      alarms: [...alarms],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      deploymentConfig: LambdaDeploymentConfig.fromLambdaDeploymentConfigName(
        this,
        'Strategy',
        `CodeDeployDefault.Lambda${rollout.strategy}`,
      ),
      role: this.#deployerRole(alias.lambda, alarms).withoutPolicyUpdates(), // the CDK would add AWS's policy for all functions
    });
  }

  /** Policies within the role itself: CodeDeploy must not begin before it has them. */
  #deployerRole(lambda: IFunction, alarms: readonly Alarm[]): Role {
    const moveAlias = new PolicyStatement({
      actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
      resources: [lambda.functionArn, `${lambda.functionArn}:${LIVE_ALIAS}`],
    });
    const watchAlarms = new PolicyStatement({
      actions: ['cloudwatch:DescribeAlarms'],
      resources: alarms.map(({ alarmArn }) => alarmArn),
    });
    return new Role(this, 'Deployer', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
      inlinePolicies: { rollout: new PolicyDocument({ statements: [moveAlias, watchAlarms] }) },
    });
  }
}
