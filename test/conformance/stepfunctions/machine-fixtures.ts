import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, vi } from 'vitest';
import type { Json } from '../../../local/json.ts';
import {
  type FunctionCall,
  type ServiceCall,
  type StepFunctionsOptions,
  startStepFunctions,
} from '../../../local/stepfunctions/index.ts';
import { clientConfig, serviceUnderTest } from '../../support/endpoint.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/training';
export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** Functions by name: what they return is their result, an `Error` their failure. */
export type Functions = Record<string, (payload: Json, call: FunctionCall) => unknown>;

/** What tasks call, in the place of the other services. */
export class StubServices {
  readonly functionCalls: FunctionCall[] = [];
  readonly serviceCalls: ServiceCall[] = [];
  functions: Functions = {};
  /** What the services answer. */
  answer: (call: ServiceCall) => Json = () => ({});

  async invokeFunction(call: FunctionCall) {
    this.functionCalls.push(call);
    const name = call.functionName.split(':function:').at(-1)!.split(':')[0]!;
    const result = await this.functions[name]!(call.payload, call);
    if (!(result instanceof Error)) return { statusCode: 200, payload: JSON.stringify(result ?? null) };
    const payload = JSON.stringify({ errorType: result.name, errorMessage: result.message, trace: [] });
    return { statusCode: 200, functionError: 'Unhandled', payload };
  }

  async callService(call: ServiceCall) {
    this.serviceCalls.push(call);
    return this.answer(call);
  }
}

/** An error as a function of Node throws it. */
export function namedError(name: string, message = 'it failed'): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

/** A client of the Step Functions under test, which ends with the file's cases. */
export async function stepFunctionsUnderTest(options: Partial<StepFunctionsOptions> = {}): Promise<SFNClient> {
  const dir = await mkdtemp(join(tmpdir(), 'kilat-stepfunctions-'));
  const { url, close } = await serviceUnderTest(() =>
    startStepFunctions({ dir, services: new StubServices(), onFault: rethrow, ...options }),
  );
  const client = new SFNClient(clientConfig(url));
  afterAll(async () => {
    client.destroy();
    await close();
    await rm(dir, { recursive: true });
  });
  return client;
}

const rethrow = (error: unknown) => {
  throw error;
};

/** @returns the ARN of a machine that no other case uses */
export async function aMachine(client: SFNClient, definition: object): Promise<string> {
  const name = `conformance-${randomUUID()}`;
  const text = JSON.stringify(definition);
  const { stateMachineArn } = await client.send(
    new CreateStateMachineCommand({ name, definition: text, roleArn: ROLE }),
  );
  return stateMachineArn!;
}

/** States that lead from one to the next: `State1`, `State2` … */
export const aChain = (...states: readonly object[]) => aBranch('State', ...states);

/** The same with names of their own: no two states of a machine may share one. */
export const aBranch = (name: string, ...states: readonly object[]) => ({
  StartAt: `${name}1`,
  States: Object.fromEntries(
    states.map((state, index) => [
      `${name}${index + 1}`,
      index + 1 < states.length ? { ...state, Next: `${name}${index + 2}` } : { ...state, End: true },
    ]),
  ),
});

export async function start(client: SFNClient, definition: object, input: unknown = {}): Promise<string> {
  const stateMachineArn = await aMachine(client, definition);
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return executionArn!;
}

/** Executions here are a matter of milliseconds, those on AWS of a second. */
export const PATIENCE = { timeout: 20_000, interval: 5 };

/** The description of an execution once it has ended, its output parsed. */
export const ending = (client: SFNClient, executionArn: string) =>
  vi.waitUntil(async () => {
    const description = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (description.status === 'RUNNING') return undefined;
    const { status, error, cause, output } = description;
    return { status, error, cause, output: output === undefined ? undefined : JSON.parse(output) };
  }, PATIENCE);

/** Runs a machine to its end. */
export const run = async (client: SFNClient, definition: object, input: unknown = {}) =>
  ending(client, await start(client, definition, input));

/** @throws what it failed of, where it did */
export async function outputOf(client: SFNClient, definition: object, input: unknown = {}): Promise<unknown> {
  const { status, error, cause, output } = await run(client, definition, input);
  if (status !== 'SUCCEEDED') throw new Error(`${status}: ${error}: ${cause}`);
  return output;
}

export async function historyOf(client: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return events!;
}
