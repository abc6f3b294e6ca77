import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccessRequest, operator, PolicyError, roleSession, type Statement } from '../../local/iam/index.ts';
import { allow, anAccount, aPolicy } from '../support/iam.ts';

vi.mock('@cloud-copilot/iam-simulate', async (original) => {
  const simulate = await original<typeof import('@cloud-copilot/iam-simulate')>();
  return { ...simulate, runUnsafeSimulation: vi.fn(simulate.runUnsafeSimulation) };
});

const arn = 'arn:aws:iam::000000000000:role/worker';
const session = roleSession(arn, 'worker');
const trust = aPolicy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
const queue = 'arn:aws:sqs:us-east-1:000000000000:work';
const send: AccessRequest = { action: 'sqs:SendMessage', resource: queue };

async function worker(...statements: Statement[]) {
  const { iam, refusals } = await anAccount();
  iam.addRole({ arn, trust, policies: [{ name: 'work', document: aPolicy(...statements) }] });
  return { iam, refusals };
}

beforeEach(() => void vi.mocked(runUnsafeSimulation).mockClear());

describe('a decision', () => {
  it('that was made before is not made again', async () => {
    const { iam } = await worker(allow('sqs:SendMessage', queue));

    for (let time = 0; time < 3; time++) iam.check(session, send);
    iam.check(session, { ...send, resource: `${queue}-2` });

    expect(runUnsafeSimulation).toHaveBeenCalledTimes(2);
  });

  it('is the same for condition keys that no policy reads', async () => {
    const { iam } = await worker(allow('dynamodb:GetItem', '*'));
    const get = (key: string) => ({
      action: 'dynamodb:GetItem',
      resource: 'x',
      context: { 'dynamodb:LeadingKeys': [key] },
    });

    iam.check(session, get('ani'));
    iam.check(session, get('budi'));

    expect(runUnsafeSimulation).toHaveBeenCalledTimes(1);
  });

  it('reads condition keys in any case, and variables in resources', async () => {
    const Condition = { stringequals: { 'S3:PREFIX': 'a/' } };
    const { iam } = await worker(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
      allow('s3:ListBucket', 'arn:aws:s3:::${aws:PrincipalAccount}-photos', { Condition } as never),
    );
    const list = (prefix: string) =>
      iam.check(session, {
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::000000000000-photos',
        context: { 's3:prefix': prefix },
      });

    expect([list('a/'), list('b/')?.reason]).toEqual([undefined, 'no-identity-policy']);
  });
});

describe('a grant that is withheld', () => {
  const actions = ['sqs:SendMessage', 'sqs:ReceiveMessage'];
  const receive = { ...send, action: 'sqs:ReceiveMessage' };

  it('allows nothing until it is given back; the rest of its statement stands', async () => {
    const { iam } = await worker(allow(actions, [queue, `${queue}-2`]));
    const refused = () =>
      [send, receive, { ...send, resource: `${queue}-2` }].map((wanted) => iam.check(session, wanted));

    const giveBack = iam.withhold({ holder: arn, action: 'sqs:SendMessage', resource: queue });
    const meanwhile = refused();
    giveBack();

    expect(meanwhile).toEqual([expect.objectContaining({ reason: 'no-identity-policy' }), undefined, undefined]);
    expect(refused()).toEqual([undefined, undefined, undefined]);
  });

  it('of a policy at a resource is withheld from whom it names', async () => {
    const { iam } = await worker();
    const principal = { AWS: arn };
    const json = JSON.stringify(aPolicy(allow('sqs:SendMessage', queue, { Principal: principal })));
    const wanted = { ...send, resourcePolicy: { holder: queue, json } };

    const before = iam.check(session, wanted);
    iam.withhold({ holder: queue, action: 'sqs:SendMessage', resource: queue, principal });

    expect([before, iam.check(session, wanted)?.reason]).toEqual([undefined, 'no-identity-policy']);
  });

  it('is not withheld from the operator', async () => {
    const { iam } = await worker(allow('sqs:SendMessage', queue));
    iam.withhold({ holder: arn, action: 'sqs:SendMessage', resource: queue });

    expect(iam.check(operator, send)).toBeUndefined();
  });
});

describe('a role', () => {
  it.each([
    ['is malformed', { Effect: 'Allow', Action: 'sqs:SendMessage' } as Statement, /policy work is not valid/],
    [
      'reads a condition key that is not emulated',
      allow('sqs:SendMessage', queue, { Condition: { DateLessThan: { 'aws:CurrentTime': '2026-01-01' } } }),
      /reads the condition key aws:CurrentTime, which is not emulated/,
    ],
  ])('is refused where its policy %s', async (_, statement, message) => {
    await expect(worker(statement)).rejects.toThrow(PolicyError);
    await expect(worker(statement)).rejects.toThrow(message);
  });

  it('with a policy of which nobody knows the text cannot be assumed', async () => {
    const { iam } = await anAccount();
    const unknownPolicies = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    iam.addRole({ arn, trust, policies: [], unknownPolicies });

    expect(() => iam.assume(arn, 'worker')).toThrow(/AdministratorAccess, whose text is not in the template/);
  });

  it('is trusted to whom its trust names, and to nobody else', async () => {
    const { iam } = await worker();

    expect(['lambda.amazonaws.com', 'states.amazonaws.com'].map((service) => iam.isTrusted(arn, service))).toEqual([
      true,
      false,
    ]);
  });
});
