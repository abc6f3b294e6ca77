import type { Json } from '../json.ts';
import type { Timer } from '../timer.ts';
import type { Task } from './definition.ts';
import { type Data, selectRequired } from './paths.ts';
import { assertFits } from './payload-size.ts';
import { effectiveInput, type StateData } from './state-data.ts';
import { StatesError, StatesRuntimeError } from './states-error.ts';
import { parseResource, type TaskResource, waitsForToken } from './tasks/resource.ts';
import { type TaskLimits, TaskLog } from './tasks/task-log.ts';
import type { PendingTask } from './tasks/task-tokens.ts';

/** Runs a task once. @throws {StatesError} what it failed of, States.Timeout, States.HeartbeatTimeout */
export async function runTask(work: StateData<Task>): Promise<Json> {
  const { state, thread } = work;
  const { tokens } = thread.surroundings;
  const resource = parseResource(state.Resource)!; // the definition was refused otherwise
  const pending = waitsForToken(resource) ? tokens.create() : undefined;
  try {
    return await attempt(resource, pending ? withToken(work, pending) : work, pending);
  } finally {
    if (pending) tokens.forget(pending);
  }
}

const withToken = (work: StateData<Task>, { token }: PendingTask): StateData<Task> => ({
  ...work,
  data: { ...work.data, context: { ...work.data.context, Task: { Token: token } } },
});

async function attempt(resource: TaskResource, work: StateData<Task>, pending?: PendingTask): Promise<Json> {
  const { state, data, thread } = work;
  const { timer, tasks, roleArn } = thread.surroundings;
  const parameters = effectiveInput(state, data);
  const limits = limitsOf(state, data);
  const log = new TaskLog(resource, thread.trail);
  log.scheduled(parameters, limits);
  try {
    const result = await within(limits, { timer, pending, signal: thread.signal }, async (ended) => {
      const answer = await tasks({ resource, parameters, roleArn });
      if (!pending) return answer;
      if (!ended.aborted) log.submitted(answer);
      return pending.result;
    });
    assertFits(result, resource.kind === 'function' ? resource.functionArn : resource.service);
    log.succeeded(result);
    return result;
  } catch (error) {
    if (error instanceof StatesError) log.failed(error);
    throw error;
  }
}

function limitsOf({ TimeoutSeconds, TimeoutSecondsPath, HeartbeatSeconds, HeartbeatSecondsPath }: Task, data: Data) {
  const seconds = (path: string, field: string): number => {
    const value = selectRequired(path, data, field);
    if (Number.isInteger(value) && Number(value) > 0) return Number(value);
    throw new StatesRuntimeError(`The ${field} parameter must lead to a whole number from 1, not to ${value}`);
  };
  return {
    timeoutSeconds: TimeoutSecondsPath ? seconds(TimeoutSecondsPath, 'TimeoutSecondsPath') : TimeoutSeconds,
    heartbeatSeconds: HeartbeatSecondsPath ? seconds(HeartbeatSecondsPath, 'HeartbeatSecondsPath') : HeartbeatSeconds,
  };
}

interface Watch {
  readonly timer: Timer;
  readonly pending: PendingTask | undefined;
  readonly signal: AbortSignal;
}

/** @param ended aborted once nobody looks at the result any more */
type Work = (ended: AbortSignal) => Promise<Json>;

/** What is called cannot be called back: when time is up it goes on, and nobody looks at what it answers. */
async function within(limits: TaskLimits, watch: Watch, work: Work): Promise<Json> {
  const done = new AbortController();
  const signal = AbortSignal.any([watch.signal, done.signal]);
  try {
    return await Promise.race([
      work(signal),
      interrupted(watch.signal, done.signal),
      timeout(limits, watch.timer, signal),
      heartbeatLoss(limits, watch, signal),
    ]);
  } finally {
    done.abort();
  }
}

const interrupted = (signal: AbortSignal, done: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true, signal: done });
  });

async function timeout({ timeoutSeconds }: TaskLimits, timer: Timer, signal: AbortSignal): Promise<never> {
  if (timeoutSeconds === undefined) return new Promise(() => {});
  await timer.until(timer.now() + timeoutSeconds * 1000, signal);
  throw new StatesError('States.Timeout');
}

async function heartbeatLoss(limits: TaskLimits, { timer, pending }: Watch, signal: AbortSignal): Promise<never> {
  const { heartbeatSeconds } = limits;
  if (heartbeatSeconds === undefined || !pending) return new Promise(() => {});
  for (let dueAtMs = 0; dueAtMs !== pending.lastHeartbeatAtMs() + heartbeatSeconds * 1000; ) {
    dueAtMs = pending.lastHeartbeatAtMs() + heartbeatSeconds * 1000;
    await timer.until(dueAtMs, signal);
  }
  throw new StatesError('States.HeartbeatTimeout');
}
