import type { Json, JsonObject } from '../json.ts';

/**
 * The Amazon States Language, as far as it is run here: JSONPath alone.
 * @see https://states-language.net/spec.html
 */
export interface Definition extends States {
  readonly TimeoutSeconds?: number;
}

/** The states of a machine, of a branch or of an item processor. */
export interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export type State = Task | Pass | Choice | Wait | Succeed | Fail | Parallel | MapState;
export type StateType = State['Type'];

interface Common {
  /** `null` stands for an empty object. */
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
}

interface Transition {
  readonly Next?: string;
  readonly End?: boolean;
}

interface WithParameters {
  readonly Parameters?: Json;
}

interface WithResult {
  /** `null` throws the result away. */
  readonly ResultPath?: string | null;
}

interface WithSelector extends WithResult {
  readonly ResultSelector?: JsonObject;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher extends WithResult {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

interface Guarded {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface Task extends Common, Transition, WithParameters, WithSelector, Guarded {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number;
  readonly HeartbeatSecondsPath?: string;
}

export interface Parallel extends Common, Transition, WithParameters, WithSelector, Guarded {
  readonly Type: 'Parallel';
  readonly Branches: readonly States[];
}

export interface MapState extends Common, Transition, WithParameters, WithSelector, Guarded {
  readonly Type: 'Map';
  readonly ItemsPath?: string;
  readonly ItemSelector?: Json;
  readonly ItemProcessor?: States;
  /** The name that `ItemProcessor` had before. */
  readonly Iterator?: States;
  readonly MaxConcurrency?: number;
  readonly MaxConcurrencyPath?: string;
}

/** Those that may be tried again, and whose errors may be caught. */
export type GuardedState = Task | Parallel | MapState;

export interface Pass extends Common, Transition, WithParameters, WithResult {
  readonly Type: 'Pass';
  readonly Result?: Json;
}

export interface Wait extends Common, Transition {
  readonly Type: 'Wait';
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

export interface Choice extends Common {
  readonly Type: 'Choice';
  readonly Choices: readonly (ChoiceRule & { readonly Next: string })[];
  readonly Default?: string;
}

/** `And`, `Or` or `Not`, or a `Variable` and one comparison, e.g. `NumericGreaterThanPath`. */
export interface ChoiceRule {
  readonly And?: readonly ChoiceRule[];
  readonly Or?: readonly ChoiceRule[];
  readonly Not?: ChoiceRule;
  readonly Variable?: string;
  readonly [comparison: string]: unknown;
}

export interface Succeed extends Common {
  readonly Type: 'Succeed';
}

export interface Fail {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}
