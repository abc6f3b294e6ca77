/** A policy as templates and services hold it. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}

type OneOrMore = string | readonly string[];

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** CloudFormation takes a single statement for a list of one, as IAM does. */
export const statementsOf = ({ Statement }: PolicyDocument): readonly Statement[] =>
  [Statement].flat() as readonly Statement[];

/** The condition keys that a policy reads, in its conditions and as variables such as `${aws:PrincipalArn}`. */
export function conditionKeysOf(document: PolicyDocument): ReadonlySet<string> {
  const conditions = statementsOf(document).flatMap(({ Condition = {} }) => Object.values(Condition));
  const variables = [...JSON.stringify(document).matchAll(/\$\{([^}*?$,'\s]+)/g)].map(([, name]) => name!);
  return new Set([...conditions.flatMap((tests) => Object.keys(tests)), ...variables]);
}
