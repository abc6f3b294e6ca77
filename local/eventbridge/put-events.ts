import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-json.ts';
import { type Clock, LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import { type Buses, busNameOf, type Destination } from './buses.ts';

export interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  /** epoch seconds */
  readonly Time?: number;
}

export interface PutEventsOptions {
  readonly buses: Buses;
  readonly now: Clock;
  readonly deliver: (destination: Destination, event: object) => void;
}

const MAX_ENTRIES = 10;

/** Each entry succeeds or fails by itself. @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export const putEvents =
  (options: PutEventsOptions) =>
  ({ Entries = [] }: { Entries?: readonly Entry[] }) => {
    if (Entries.length < 1 || Entries.length > MAX_ENTRIES) {
      throw new AwsError('ValidationException', `Entries must have a length from 1 to ${MAX_ENTRIES}`);
    }
    const results = Entries.map((entry) => putEvent(options, entry));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  };

function putEvent({ buses, now, deliver }: PutEventsOptions, entry: Entry) {
  const { Source, DetailType, Detail } = entry;
  const missing = Object.entries({ Source, DetailType, Detail }).find(([, value]) => !value);
  if (missing)
    return refusal('InvalidArgument', `Parameter ${missing[0]} is not valid. Reason: is a required argument.`);
  const detail = parseObject(Detail!);
  if (!detail) return refusal('MalformedDetail', 'Detail is malformed.');
  const event = eventOf(entry, detail, now());
  for (const destination of buses.destinations(busNameOf(entry.EventBusName), event)) deliver(destination, event);
  return { EventId: event.id };
}

const refusal = (ErrorCode: string, ErrorMessage: string) => ({ ErrorCode, ErrorMessage });

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const eventOf = ({ Source, DetailType, Resources = [], Time }: Entry, detail: object, nowMs: number) => ({
  version: '0',
  id: randomUUID(),
  'detail-type': DetailType!,
  source: Source!,
  account: LOCAL_ACCOUNT,
  time: new Date(Time ? Time * 1000 : nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
  region: LOCAL_REGION,
  resources: Resources,
  detail,
});
