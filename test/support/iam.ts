import { Iam, type PolicyDocument, type Refusal, type Statement } from '../../local/iam/index.ts';
import { LOCAL_REGION } from '../../local/service.ts';

export const ACCOUNT = '000000000000';

export const aPolicy = (...statements: Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

export const allow = (
  Action: string | string[],
  Resource: string | string[],
  rest: Partial<Statement> = {},
): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});

const trust = aPolicy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });

/** An account whose roles the test makes. */
export async function anAccount() {
  const refusals: Refusal[] = [];
  const iam = await Iam.load({ onRefusal: (refusal) => refusals.push(refusal) });
  let count = 0;
  return {
    iam,
    refusals,

    /** What an SDK client of a session is built with, whose role has these statements alone. */
    session(endpoint: string, ...statements: Statement[]) {
      count += 1;
      const arn = `arn:aws:iam::${ACCOUNT}:role/role-${count}`;
      const policies = statements.length > 0 ? [{ name: `policy-${count}`, document: aPolicy(...statements) }] : [];
      iam.addRole({ arn, trust, policies });
      const name = `arn:aws:sts::${ACCOUNT}:assumed-role/role-${count}/fn`;
      const config = { endpoint, region: LOCAL_REGION, credentials: iam.assume(arn, 'fn'), maxAttempts: 1 };
      return { arn, name, config };
    },
  };
}

export type Account = Awaited<ReturnType<typeof anAccount>>;
