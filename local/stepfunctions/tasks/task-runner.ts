import { isObject, type Json } from '../../json.ts';
import { StatesError } from '../states-error.ts';
import { integrations } from './integrations.ts';
import { invokeFunction, parsePayload } from './invoke-function.ts';
import { integrationName, type TaskResource } from './resource.ts';
import type { TaskServices } from './task-services.ts';

export interface TaskRequest {
  readonly resource: TaskResource;
  /** The task's effective input. */
  readonly parameters: Json;
  /** Of the state machine. */
  readonly roleArn: string;
}

/** @throws {StatesError} what the task failed of */
export type TaskRunner = (request: TaskRequest) => Promise<Json>;

export const taskRunner =
  (services: TaskServices): TaskRunner =>
  async ({ resource, parameters, roleArn }) => {
    if (resource.kind === 'function') {
      const functionName = resource.functionArn;
      const call = { functionName, payload: parameters, type: 'RequestResponse', roleArn } as const;
      return parsePayload((await invokeFunction(services, call)).payload);
    }
    const name = integrationName(resource);
    const run = integrations[name];
    if (run) return run(services, isObject(parameters) ? parameters : {}, roleArn);
    throw new StatesError('Local.NotEmulated', `${name} runs on AWS alone: the local cloud has no ${resource.service}`);
  };
