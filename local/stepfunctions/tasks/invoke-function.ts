import { isObject, type Json } from '../../json.ts';
import { StatesError } from '../states-error.ts';
import { serviceError } from './service-error.ts';
import type { FunctionCall, FunctionResult, TaskServices } from './task-services.ts';

/** @throws {StatesError} of the name that the function gave its error; those of Lambda itself are named after it */
export async function invokeFunction(services: TaskServices, call: FunctionCall): Promise<FunctionResult> {
  const result = await services.invokeFunction(call).catch((error) => {
    throw serviceError('lambda', error);
  });
  if (!result.functionError) return result;
  const thrown = parsePayload(result.payload);
  const errorType = isObject(thrown) ? thrown.errorType : undefined;
  throw new StatesError(typeof errorType === 'string' && errorType ? errorType : 'Lambda.Unknown', result.payload);
}

/** A payload that is no JSON is text; none at all, from a function that is not waited for, is the empty text. */
export function parsePayload(payload: string): Json {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
