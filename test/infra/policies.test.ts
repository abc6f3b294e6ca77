import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { anApp, aStage, type Statement } from '../support/synth.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Why a policy may say `*` for a resource, or a part of an action: one sentence each, by action and place. */
const reasons: readonly { readonly wildcard: RegExp; readonly reason: string }[] = [
  {
    wildcard:
      /^AWS::IAM::Policy \w+RoleDefaultPolicy\w+: xray:(Put(TraceSegments|TelemetryRecords)|GetSampling(Rules|Targets)) on \*$/,
    reason: 'X-Ray takes traces for no resource that could be named',
  },
  {
    wildcard:
      /^AWS::IAM::Policy PipelineRoleDefaultPolicy\w+: logs:\w+(Deliver(y|ies)|ResourcePolic(y|ies)|LogGroups) on \*$/,
    reason: 'Step Functions has its logs delivered, which CloudWatch allows for no resource that could be named',
  },
  {
    wildcard: /^AWS::S3::BucketPolicy \w+BucketPolicy\w+: s3:(DeleteObject\*|GetBucket\*|List\*) on /,
    reason: 'the CDK empties a bucket with its stack, where the stage keeps no data, by the one function of its own',
  },
];

interface PolicyResource {
  readonly Type: string;
  readonly Properties: {
    readonly PolicyDocument?: { readonly Statement: readonly Statement[] };
    readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
    readonly Statement?: Statement;
  };
}

/** Everything that any policy of a stage allows, as `type id: action on resource`; what denies may deny all. */
function allowedIn(stage: string): { readonly text: string; readonly action: string; readonly resource: unknown }[] {
  const { stacks } = anApp(temporaryFolder(), { stage: aStage(stage) }).synth();
  const resources = stacks.flatMap(({ template }) =>
    Object.entries<PolicyResource>(Template.fromJSON(template).toJSON().Resources),
  );
  return resources.flatMap(([id, { Type, Properties = {} }]) =>
    statementsOf(Type, Properties)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action) =>
          [Resource].flat().map((resource) => {
            const place = typeof resource === 'string' ? resource : JSON.stringify(resource);
            return { text: `${Type} ${id}: ${action} on ${place}`, action, resource };
          }),
        ),
      ),
  );
}

const wildIn = (stage: string): string[] =>
  allowedIn(stage)
    .filter(({ action, resource }) => !action || !resource || action.includes('*') || resource === '*')
    .map(({ text }) => text);

/** A user pool has `Policies` too, of passwords. */
const statementsOf = (
  type: string,
  { PolicyDocument, Policies, Statement }: PolicyResource['Properties'],
): Statement[] => [
  ...(PolicyDocument?.Statement ?? []),
  ...(type === 'AWS::IAM::Role' ? (Policies ?? []).flatMap((policy) => policy.PolicyDocument.Statement) : []),
  ...(Statement ? [Statement] : []),
];

describe.each(['local', 'staging', 'production'])('the policies of %s', (stage) => {
  it('allow no action by a wildcard, nothing on every resource, and nothing by exclusion, without a reason', () => {
    const unexplained = wildIn(stage).filter((text) => !reasons.some(({ wildcard }) => wildcard.test(text)));

    expect(unexplained).toEqual([]);
  });
});

it('have no reason for a wildcard that there is not', () => {
  const wild = ['local', 'staging'].flatMap(wildIn);

  expect(reasons.filter(({ wildcard }) => !wild.some((text) => wildcard.test(text)))).toEqual([]);
});
