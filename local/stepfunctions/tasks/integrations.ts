import { isObject, type Json, type JsonObject } from '../../json.ts';
import { StatesError } from '../states-error.ts';
import { invokeFunction, parsePayload } from './invoke-function.ts';
import { serviceError } from './service-error.ts';
import type { FunctionCall, ServiceCall, TaskServices } from './task-services.ts';

/** What a task calls through Step Functions. @throws {StatesError} what the service refused */
export type Integration = (services: TaskServices, parameters: JsonObject, roleArn: string) => Promise<Json>;

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html */
export const integrations: Readonly<Record<string, Integration>> = {
  'lambda:invoke': invoke,
  'sqs:sendMessage': sendMessage,
  'events:putEvents': putEvents,
  'dynamodb:getItem': onTable('GetItem'),
  'dynamodb:putItem': onTable('PutItem'),
  'dynamodb:updateItem': onTable('UpdateItem'),
};

/** Those that can hand a task token on. */
export const TOKEN_INTEGRATIONS: readonly string[] = ['lambda:invoke', 'sqs:sendMessage', 'events:putEvents'];

/** The result has what AWS's has, but for the metadata of the SDK. */
async function invoke(services: TaskServices, parameters: JsonObject, roleArn: string): Promise<Json> {
  const { FunctionName, Payload = {}, InvocationType = 'RequestResponse' } = parameters;
  const { statusCode, payload } = await invokeFunction(services, {
    functionName: String(FunctionName),
    payload: Payload,
    type: InvocationType as FunctionCall['type'],
    roleArn,
  });
  return { ExecutedVersion: '$LATEST', Payload: parsePayload(payload), StatusCode: statusCode };
}

function sendMessage(services: TaskServices, parameters: JsonObject, roleArn: string): Promise<Json> {
  const { MessageBody } = parameters;
  const input = MessageBody === undefined ? parameters : { ...parameters, MessageBody: asText(MessageBody) };
  return call(services, { service: 'sqs', operation: 'SendMessage', input, roleArn });
}

/** @throws {StatesError} EventBridge.FailedEntry, where one of the entries is refused */
async function putEvents(services: TaskServices, { Entries = [] }: JsonObject, roleArn: string): Promise<Json> {
  const entries = [Entries]
    .flat()
    .map((entry) =>
      isObject(entry) && entry.Detail !== undefined ? { ...entry, Detail: asText(entry.Detail) } : entry,
    );
  const input = { Entries: entries as Json };
  const result = await call(services, { service: 'eventbridge', operation: 'PutEvents', input, roleArn });
  if (!isObject(result) || Number(result.FailedEntryCount) === 0) return result;
  throw new StatesError('EventBridge.FailedEntry', JSON.stringify(result));
}

function onTable(operation: string): Integration {
  return (services, input, roleArn) => call(services, { service: 'dynamodb', operation, input, roleArn });
}

const call = (services: TaskServices, serviceCall: ServiceCall): Promise<Json> =>
  services.callService(serviceCall).catch((error) => {
    throw serviceError(serviceCall.service, error);
  });

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
