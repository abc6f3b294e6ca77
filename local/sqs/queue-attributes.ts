import { readPolicy } from '../iam/index.ts';
import { SqsError } from './errors.ts';
import { isFifo, type Queue } from './queues.ts';

interface AttributeRule {
  /** What a queue has where nothing was set; without one, the attribute is absent. */
  readonly default?: string;
  readonly accepts: (value: string) => boolean;
}

const integer = (min: number, max: number) => (value: string) =>
  /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
const oneOf =
  (...values: string[]) =>
  (value: string) =>
    values.includes(value);
const anything = () => true;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const RULES: Readonly<Record<string, AttributeRule>> = {
  DelaySeconds: { default: '0', accepts: integer(0, 900) },
  MaximumMessageSize: { default: '1048576', accepts: integer(1024, 1_048_576) },
  MessageRetentionPeriod: { default: '345600', accepts: integer(60, 1_209_600) },
  ReceiveMessageWaitTimeSeconds: { default: '0', accepts: integer(0, 20) },
  VisibilityTimeout: { default: '30', accepts: integer(0, 43_200) },
  SqsManagedSseEnabled: { default: 'true', accepts: oneOf('true', 'false') },
  KmsMasterKeyId: { accepts: anything },
  KmsDataKeyReusePeriodSeconds: { accepts: integer(60, 86_400) },
  Policy: { accepts: isPolicy },
  RedrivePolicy: { accepts: isJsonObject },
  RedriveAllowPolicy: { accepts: isJsonObject },
};

const FIFO_RULES: Readonly<Record<string, AttributeRule>> = {
  FifoQueue: { accepts: oneOf('true') },
  ContentBasedDeduplication: { default: 'false', accepts: oneOf('true', 'false') },
  DeduplicationScope: { default: 'queue', accepts: oneOf('queue', 'messageGroup') },
  FifoThroughputLimit: { default: 'perQueue', accepts: oneOf('perQueue', 'perMessageGroupId') },
};

const rulesOf = (queue: Pick<Queue, 'name'>) => (isFifo(queue) ? { ...RULES, ...FIFO_RULES } : RULES);

export const unknownAttribute = (name: string) => new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);

/** @throws {SqsError} InvalidAttributeName or InvalidAttributeValue; an empty value unsets, and is always accepted */
export function checkAttributes(queue: Pick<Queue, 'name'>, attributes: Readonly<Record<string, string>>): void {
  const rules = rulesOf(queue);
  for (const [name, value] of Object.entries(attributes)) {
    const rule = rules[name];
    if (!rule) throw unknownAttribute(name);
    if (value !== '' && !rule.accepts(value)) {
      throw new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
}

/** Every attribute that can be set and has a value, as `GetQueueAttributes` shows them. */
export function effectiveAttributes(queue: Queue): Record<string, string> {
  const values = Object.entries(rulesOf(queue)).map(([name, rule]) => [name, queue.attributes[name] ?? rule.default]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

export type NumericAttribute =
  | 'DelaySeconds'
  | 'MaximumMessageSize'
  | 'MessageRetentionPeriod'
  | 'ReceiveMessageWaitTimeSeconds'
  | 'VisibilityTimeout';

export const numberOf = (queue: Queue, name: NumericAttribute): number =>
  Number(queue.attributes[name] ?? RULES[name]?.default);

/** JSON policies that differ in white space only are the same policy. */
export const sameValue = (a: string | undefined, b: string): boolean =>
  a === b || (a !== undefined && compact(a) === compact(b));

const compact = (value: string) => (isJsonObject(value) ? JSON.stringify(JSON.parse(value)) : value);

/** One that reads what is not emulated is not accepted either. */
function isPolicy(value: string): boolean {
  if (!isJsonObject(value)) return false;
  try {
    readPolicy('resource', 'of a queue', JSON.parse(value));
    return true;
  } catch {
    return false;
  }
}

function isJsonObject(value: string): boolean {
  try {
    return JSON.parse(value)?.constructor === Object;
  } catch {
    return false;
  }
}
