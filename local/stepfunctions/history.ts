import type { Json } from '../json.ts';
import type { StateType } from './definition.ts';

/**
 * What happened in an execution, in the order of its history. States have events of their own type, e.g.
 * `MapStateEntered`.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export type EventType =
  | `Execution${'Started' | 'Succeeded' | 'Failed' | 'TimedOut' | 'Aborted' | 'Redriven'}`
  | `${StateType}State${'Entered' | 'Exited' | 'Aborted'}`
  | `LambdaFunction${'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut'}`
  | `Task${'Scheduled' | 'Started' | 'Submitted' | 'Succeeded' | 'Failed' | 'TimedOut'}`
  | `${'Map' | 'Parallel'}State${'Started' | 'Succeeded' | 'Failed'}`
  | `MapIteration${'Started' | 'Succeeded' | 'Failed' | 'Aborted'}`;

export type EventDetails = Readonly<Record<string, Json | undefined>>;

/** Takes events down, each with the one that led to it. @returns the event's number, from 1 in each execution */
export type RecordEvent = (type: EventType, details: EventDetails | undefined, previousId: number) => number;

/** One thread of an execution: each branch and each iteration leaves a trail of its own. */
export class Trail {
  readonly #record: RecordEvent;
  #lastId: number;

  constructor(record: RecordEvent, lastId: number) {
    this.#record = record;
    this.#lastId = lastId;
  }

  get lastId(): number {
    return this.#lastId;
  }

  add(type: EventType, details?: EventDetails): void {
    this.#lastId = this.#record(type, details, this.#lastId);
  }

  /** Where this one parts into several. */
  fork(): Trail {
    return new Trail(this.#record, this.#lastId);
  }

  /** Goes on from the last event of all that had parted. */
  join(trails: readonly Trail[]): void {
    this.#lastId = Math.max(this.#lastId, ...trails.map(({ lastId }) => lastId));
  }
}

/** Under which member an event's details stand in the API: states share theirs, the others have their own. */
export function detailsMember(type: EventType): string {
  const stateEvent = /^[A-Z][a-z]+State(Entered|Exited)$/.exec(type);
  const name = stateEvent ? `state${stateEvent[1]}` : `${type[0]!.toLowerCase()}${type.slice(1)}`;
  return `${name}EventDetails`;
}
