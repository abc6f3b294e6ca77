import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { Delivery, Stage } from '../../lib/stage.ts';
import { anApp, aStage, inScratch } from '../support/synth.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const aDelivery = (changes: Partial<Delivery> = {}): Delivery => ({
  repository: 'acme/kilat',
  identityProvider: 'create',
  ...changes,
});

function deliveryOf(delivery: Delivery, stage: Partial<Stage> = {}): Template {
  return inScratch((folder) => {
    const app = anApp(folder, { stage: aStage('staging', { ...stage, delivery }), validate: true });
    return Template.fromJSON(app.synth().getStackArtifact('Delivery').template);
  });
}

interface RoleProperties {
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly Record<string, unknown>[] };
  readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  readonly MaxSessionDuration: number;
}

interface Statement {
  readonly Action: string;
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function roleOf(template: Template): RoleProperties {
  const [role, ...others] = Object.values(template.findResources('AWS::IAM::Role'));
  expect(others).toEqual([]);
  return role!.Properties;
}

describe('the role that workflows deploy with', () => {
  const place = { account: '111122223333', region: 'ap-southeast-1' };
  const role = roleOf(deliveryOf(aDelivery(), place));
  const [assume, ...others] = role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

  it("is for jobs of the repository in the stage's environment alone, and for AWS", () => {
    expect(role.AssumeRolePolicyDocument.Statement).toEqual([
      expect.objectContaining({
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:acme/kilat:environment:staging',
          },
        },
      }),
    ]);
  });

  it('knows repositories whose tokens tell ids', () => {
    const { AssumeRolePolicyDocument } = roleOf(deliveryOf(aDelivery({ repository: 'acme@12/kilat@345' })));

    expect(JSON.stringify(AssumeRolePolicyDocument)).toContain('"repo:acme@12/kilat@345:environment:staging"');
  });

  it('may assume what cdk bootstrap made in this account and region, CloudFormation’s own role apart', () => {
    expect(assume?.Action).toBe('sts:AssumeRole');
    expect(assume?.Resource).toEqual([
      'arn:aws:iam::111122223333:role/cdk-hnb659fds-deploy-role-111122223333-ap-southeast-1',
      'arn:aws:iam::111122223333:role/cdk-hnb659fds-file-publishing-role-111122223333-ap-southeast-1',
      'arn:aws:iam::111122223333:role/cdk-hnb659fds-image-publishing-role-111122223333-ap-southeast-1',
      'arn:aws:iam::111122223333:role/cdk-hnb659fds-lookup-role-111122223333-ap-southeast-1',
    ]);
  });

  it('may look first and try afterwards: find the stage, read limits, drop a photo and read what comes of it', () => {
    const inbox = 'arn:aws:s3:::kilat-staging-storage-inbox*';

    expect(others.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['cloudformation:DescribeStacks', 'lambda:GetAccountSettings'], '*'],
      ['ssm:GetParameter', 'arn:aws:ssm:ap-southeast-1:111122223333:parameter/cdk-bootstrap/hnb659fds/version'],
      ['s3:PutObject', `${inbox}/inbox/*`],
      ['s3:GetObject', [`${inbox}/rejected/*`, `${inbox}/results/*`]],
      ['s3:ListBucket', inbox],
    ]);
  });

  it("meets no bucket but the account's own", () => {
    const onBuckets = others.filter(({ Action }) => String(Action).startsWith('s3:'));

    expect(onBuckets.map(({ Condition }) => Condition)).toEqual(
      Array(3).fill({ StringEquals: { 'aws:ResourceAccount': '111122223333' } }),
    );
  });

  it('ends after an hour', () => {
    expect(role.MaxSessionDuration).toBe(3600);
  });
});

describe('the identity provider', () => {
  it('is made without a function of its own', () => {
    const template = deliveryOf(aDelivery());

    template.hasResourceProperties('AWS::IAM::OIDCProvider', {
      Url: 'https://token.actions.githubusercontent.com',
      ClientIdList: ['sts.amazonaws.com'],
    });
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  it('is taken as it is where the account has one', () => {
    const template = deliveryOf(aDelivery({ identityProvider: 'existing' }), { account: '111122223333' });

    template.resourceCountIs('AWS::IAM::OIDCProvider', 0);
    expect(JSON.stringify(roleOf(template).AssumeRolePolicyDocument)).toContain(
      ':iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
    );
  });
});

it('has no Delivery stack where the stage names no repository', () => {
  const { stacks } = anApp(temporaryFolder()).synth();

  expect(stacks.map(({ id }) => id)).not.toContain('Delivery');
});

it.each(['acme/*', 'acme/kilat:*', 'acme', 'acme@1/kilat', 'acme/kilat@2', '*/kilat', 'acme/kilat/x', '-acme/kilat'])(
  'refuses %s, which is no one repository',
  (repository) => {
    expect(() => aStage('staging', { delivery: aDelivery({ repository }) })).toThrow(
      `delivery.repository is "${repository}": expected OWNER/NAME, or OWNER@ID/NAME@ID, without a wildcard`,
    );
  },
);
