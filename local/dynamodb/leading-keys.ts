import type { Attribute } from './attributes.ts';

/** As far as a query says which partition it reads. */
export interface QueryInput {
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, Attribute>>;
  readonly KeyConditions?: Readonly<Record<string, { readonly AttributeValueList?: readonly Attribute[] }>>;
}

/** A key as the condition key `dynamodb:LeadingKeys` has it; undefined where it is none. */
export const keyText = (value: Attribute | undefined): string | undefined => {
  const [text] = Object.values(value ?? {});
  return typeof text === 'string' ? text : undefined;
};

/**
 * The partition that a query reads: its condition on the partition key is an equality, and there is but one.
 * @param partitionKey the name of the attribute
 */
export function queriedKeys(query: QueryInput, partitionKey: string): string[] {
  const { KeyConditionExpression = '', ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = query;
  const equalities = KeyConditionExpression.matchAll(/([\w#.-]+)\s*=\s*(:\w+)/g);
  const asked = [...equalities]
    .filter(([, name = '']) => (ExpressionAttributeNames[name] ?? name) === partitionKey)
    .map(([, , value = '']) => ExpressionAttributeValues[value]);
  const older = query.KeyConditions?.[partitionKey]?.AttributeValueList ?? [];
  return [...asked, ...older].flatMap((value) => keyText(value) ?? []);
}
