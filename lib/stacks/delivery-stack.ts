import { stackName } from '@kilat/contracts';
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DeployRole } from '../constructs/deploy-role.ts';
import type { Delivery } from '../stage.ts';
import { StageStack, type StageStackProps } from './stage-stack.ts';

export interface DeliveryStackProps extends StageStackProps {
  readonly delivery: Delivery;
}

/** Who may deploy the stage. A person deploys this one, with `npm run deploy:delivery`: no pipeline widens its own rights. */
export class DeliveryStack extends StageStack {
  constructor(scope: Construct, id: string, { stage, delivery }: DeliveryStackProps) {
    super(scope, id, stage, 'Kilat: deployment from GitHub Actions');
    const { role } = new DeployRole(this, 'Deploy', {
      delivery,
      environment: stage.name,
      inboxPrefix: `${stackName(stage.name, 'Storage')}-inbox`,
    });
    new CfnOutput(this, 'DeployRoleArn', { value: role.roleArn });
  }
}
