import { inboxFolders } from '@kilat/contracts';
import { DefaultStackSynthesizer, Duration, Stack, Validations } from 'aws-cdk-lib';
import { OidcProviderNative, PolicyDocument, PolicyStatement, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Delivery } from '../stage.ts';

export interface DeployRoleProps {
  readonly delivery: Delivery;
  /** GitHub's environment, whose jobs alone may take the role: its approvals and branch rules stand before it */
  readonly environment: string;
  /** How the name of the stage's inbox bucket begins, whose end nobody knows before it is made; the smoke test drops a photo. */
  readonly inboxPrefix: string;
}

/** Where GitHub's tokens come from, as they name it. */
const ISSUER = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';

/** What `cdk bootstrap` makes for deployments; the fifth, CloudFormation's own, is not to be assumed by anybody else. */
const bootstrapRoles = ['deploy', 'file-publishing', 'image-publishing', 'lookup'];

/**
 * The role that workflows deploy with, for an hour at most and without a key that could be lost. It changes nothing
 * itself: it may assume the roles that `cdk bootstrap` made, as a person who deploys does, and run the smoke test.
 */
export class DeployRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: DeployRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      description: `Deploys from GitHub Actions, environment ${props.environment}`,
      assumedBy: this.#workflows(props),
      maxSessionDuration: Duration.hours(1),
      inlinePolicies: { deploy: this.#deploy(), 'smoke-test': this.#smokeTest(props) },
    });
    this.#acknowledge(props);
  }

  #workflows({ delivery, environment }: DeployRoleProps): WebIdentityPrincipal {
    return new WebIdentityPrincipal(this.#providerArn(delivery), {
      StringEquals: {
        [`${ISSUER}:aud`]: AUDIENCE,
        [`${ISSUER}:sub`]: `repo:${delivery.repository}:environment:${environment}`,
      },
    });
  }

  #providerArn({ identityProvider }: Delivery): string {
    if (identityProvider === 'existing') return this.#iamArn('oidc-provider', ISSUER);
    return new OidcProviderNative(this, 'GitHub', { url: `https://${ISSUER}`, clientIds: [AUDIENCE] }).oidcProviderArn;
  }

  #deploy(): PolicyDocument {
    const { account, region, synthesizer } = Stack.of(this);
    const qualifier = synthesizer.bootstrapQualifier ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
    return allowing({
      actions: ['sts:AssumeRole'],
      resources: bootstrapRoles.map((role) =>
        this.#iamArn('role', `cdk-${qualifier}-${role}-role-${account}-${region}`),
      ),
    });
  }

  #smokeTest({ inboxPrefix }: DeployRoleProps): PolicyDocument {
    const { account } = Stack.of(this);
    const inbox = inboxArn(inboxPrefix);
    const conditions = { StringEquals: { 'aws:ResourceAccount': account } }; // names of buckets are the whole world's
    return allowing(
      { actions: ['cloudformation:DescribeStacks', 'lambda:GetAccountSettings'], resources: ['*'] },
      { actions: ['ssm:GetParameter'], resources: [this.#bootstrapVersion()] },
      { actions: ['s3:PutObject'], resources: [`${inbox}/${inboxFolders.inbox}*`], conditions },
      {
        actions: ['s3:GetObject'],
        resources: [`${inbox}/${inboxFolders.results}*`, `${inbox}/${inboxFolders.rejected}*`],
        conditions,
      },
      { actions: ['s3:ListBucket'], resources: [inbox], conditions }, // or a result that is not there yet is a refusal
    );
  }

  /** Where the CDK's bootstrap says which it is. */
  #bootstrapVersion(): string {
    const stack = Stack.of(this);
    const qualifier = stack.synthesizer.bootstrapQualifier ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
    return stack.formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: `cdk-bootstrap/${qualifier}/version`,
    });
  }

  #iamArn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'iam', region: '', resource, resourceName });
  }

  #acknowledge({ inboxPrefix }: DeployRoleProps): void {
    const inbox = inboxArn(inboxPrefix);
    const reason = 'one bucket of this account: CloudFormation ends its name, and keys are made with each drop';
    const folders = [inboxFolders.inbox, inboxFolders.results, inboxFolders.rejected].map((folder) => `/${folder}*`);
    Validations.of(this.role).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'neither a list of stacks nor the limits of an account can be named; they show names and numbers, no secret',
      },
      ...['', ...folders].map((path) => ({ id: `AwsSolutions-IAM5[Resource::${inbox}${path}]` as const, reason })),
    );
  }
}

const inboxArn = (prefix: string) => `arn:aws:s3:::${prefix}*`;

const allowing = (...statements: ConstructorParameters<typeof PolicyStatement>[0][]) =>
  new PolicyDocument({ statements: statements.map((statement) => new PolicyStatement(statement)) });
