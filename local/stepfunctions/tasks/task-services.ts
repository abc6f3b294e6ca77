import type { Json, JsonObject } from '../../json.ts';

/** One call to a function, and what came of it. */
export interface FunctionCall {
  /** Name or ARN, with or without a qualifier. */
  readonly functionName: string;
  readonly payload: Json;
  readonly type: 'RequestResponse' | 'Event' | 'DryRun';
  /** Under which it is called. */
  readonly roleArn: string;
}

export interface FunctionResult {
  readonly statusCode: number;
  /** Set when the function failed. */
  readonly functionError?: string | undefined;
  readonly payload: string;
}

/** One call to a service whose API is JSON. */
export interface ServiceCall {
  readonly service: 'sqs' | 'dynamodb' | 'eventbridge';
  /** e.g. `SendMessage` */
  readonly operation: string;
  readonly input: JsonObject;
  /** Under which it is called. */
  readonly roleArn: string;
}

/** How tasks reach the other services; both throw `AwsError` for what these refuse. */
export interface TaskServices {
  invokeFunction(call: FunctionCall): Promise<FunctionResult>;
  callService(call: ServiceCall): Promise<Json>;
}
