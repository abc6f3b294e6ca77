import type { Json } from '../../json.ts';
import { LOCAL_REGION } from '../../service.ts';
import type { EventDetails, Trail } from '../history.ts';
import type { StatesError } from '../states-error.ts';
import type { TaskResource } from './resource.ts';

/** In seconds; absent where there is none. */
export interface TaskLimits {
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

/** Writes down how a task goes: a function's events have names of their own. */
export class TaskLog {
  readonly #trail: Trail;
  readonly #prefix: 'LambdaFunction' | 'Task';
  readonly #which: EventDetails;
  readonly #resource: TaskResource;

  constructor(resource: TaskResource, trail: Trail) {
    this.#trail = trail;
    this.#resource = resource;
    this.#prefix = resource.kind === 'function' ? 'LambdaFunction' : 'Task';
    this.#which = resource.kind === 'function' ? {} : { resourceType: resource.service, resource: resource.resource };
  }

  scheduled(parameters: Json, { timeoutSeconds, heartbeatSeconds }: TaskLimits): void {
    const text = JSON.stringify(parameters);
    const limits = { timeoutInSeconds: timeoutSeconds };
    const details =
      this.#resource.kind === 'function'
        ? { resource: this.#resource.functionArn, input: text, ...limits }
        : { ...this.#which, region: LOCAL_REGION, parameters: text, ...limits, heartbeatInSeconds: heartbeatSeconds };
    this.#trail.add(`${this.#prefix}Scheduled`, details);
    this.#trail.add(`${this.#prefix}Started`, this.#resource.kind === 'function' ? undefined : this.#which);
  }

  /** What has been called has answered, and is now waited for. */
  submitted(output: Json): void {
    this.#trail.add('TaskSubmitted', { ...this.#which, output: JSON.stringify(output) });
  }

  succeeded(output: Json): void {
    this.#trail.add(`${this.#prefix}Succeeded`, { ...this.#which, output: JSON.stringify(output) });
  }

  failed({ error, failureCause }: StatesError): void {
    const isTimeout = error === 'States.Timeout' || error === 'States.HeartbeatTimeout';
    const type = `${this.#prefix}${isTimeout ? 'TimedOut' : 'Failed'}` as const;
    this.#trail.add(type, { ...this.#which, error, cause: failureCause || undefined });
  }
}
