import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Bundle } from '../bundle/index.ts';
import { TenantUserPool } from '../constructs/tenant-user-pool.ts';
import { ZipFunction } from '../constructs/zip-function.ts';
import { StageStack, type StageStackProps } from './stage-stack.ts';

export interface IdentityStackProps extends StageStackProps {
  readonly folders: Bundle['folders'];
}

/** Who may ask. */
export class IdentityStack extends StageStack {
  readonly users: TenantUserPool;

  constructor(scope: Construct, id: string, { stage, folders }: IdentityStackProps) {
    super(scope, id, stage, 'Kilat: users, tenants and groups');
    const preToken = new ZipFunction(this, 'PreToken', {
      name: 'pre-token',
      folder: folders['pre-token'],
      stage,
      description: "Writes the user's tenant into the access token",
      timeout: Duration.seconds(5), // Cognito waits no longer
    });
    const { selfSignUp, retainData } = stage;
    this.users = new TenantUserPool(this, 'Users', { preToken: preToken.lambda, selfSignUp, retainData });
    this.tell('UserPoolId', this.users.pool.userPoolId);
    this.tell('UserPoolClientId', this.users.client.userPoolClientId);
  }
}
