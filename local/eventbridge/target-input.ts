import { JSONPath } from 'jsonpath-plus';
import { AwsError } from '../aws-json.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';

/** What a target gets in the place of the event; at most one of them. */
export interface TargetInput {
  /** As JSON, the same for every event. */
  readonly Input?: string;
  /** A part of the event. */
  readonly InputPath?: string;
  readonly InputTransformer?: {
    /** By name, what is taken from the event. */
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    /** In which `<name>` stands for that. */
    readonly InputTemplate: string;
  };
}

/** @throws {AwsError} ValidationException, for an input that is no JSON, or more than one */
export function assertTargetInput({ Input, InputPath, InputTransformer }: TargetInput): void {
  if ([Input, InputPath, InputTransformer].filter((one) => one !== undefined).length > 1) {
    throw new AwsError('ValidationException', 'Only one of Input, InputPath, or InputTransformer must be provided.');
  }
  if (Input !== undefined && parsed(Input) === undefined) {
    throw new AwsError('ValidationException', 'JSON syntax error in input for target.');
  }
}

/** What a target gets of an event. @param ruleArn of the rule that it belongs to */
export function targetInput(
  { Input, InputPath, InputTransformer }: TargetInput,
  event: object,
  ruleArn: string,
): unknown {
  if (Input !== undefined) return parsed(Input);
  if (InputPath !== undefined) return select(InputPath, event) ?? null;
  if (!InputTransformer) return event;
  const { InputPathsMap = {}, InputTemplate } = InputTransformer;
  const values = {
    ...Object.fromEntries(Object.entries(InputPathsMap).map(([name, path]) => [name, select(path, event)])),
    ...reserved(event, ruleArn),
  };
  const text = substituted(InputTemplate, values);
  return parsed(text) ?? text;
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-predefined */
const reserved = (event: object, ruleArn: string): Readonly<Record<string, unknown>> => ({
  'aws.events.rule-arn': ruleArn,
  'aws.events.rule-name': ruleArn.split('/').at(-1),
  'aws.events.event.ingestion-time': (event as { time?: string }).time,
  'aws.events.event': event,
  'aws.events.event.json': event,
});

/** A name stands for its value as JSON; within quotation marks, for its text alone. */
function substituted(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/"(?:[^"\\]|\\.)*"|<[\w.-]+>/g, (part) =>
    part.startsWith('"')
      ? part.replace(/<([\w.-]+)>/g, (name, key: string) => (key in values ? textOf(values[key]) : name))
      : jsonOf(part, values),
  );
}

/** What the event does not have is an empty text; a name that was not given stays. */
function jsonOf(name: string, values: Readonly<Record<string, unknown>>): string {
  const key = name.slice(1, -1);
  return key in values ? JSON.stringify(values[key] ?? '') : name;
}

/** As it may stand within a string of JSON. */
function textOf(value: unknown): string {
  if (value === undefined) return '';
  return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
}

const select = (path: string, event: object): unknown => JSONPath({ path, json: event, wrap: false, eval: false });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The event of a rule that runs by the clock. */
export const scheduledEvent = (id: string, ruleArn: string, dueMs: number) => ({
  version: '0',
  id,
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: LOCAL_ACCOUNT,
  time: new Date(dueMs).toISOString().replace('.000Z', 'Z'),
  region: LOCAL_REGION,
  resources: [ruleArn],
  detail: {},
});
