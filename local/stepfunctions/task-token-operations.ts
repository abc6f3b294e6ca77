import type { Json } from '../json.ts';
import { exceedsPayload } from './payload-size.ts';
import { invalidOutput } from './refusals.ts';
import type { TaskTokens } from './tasks/task-tokens.ts';

interface SuccessInput {
  readonly taskToken: string;
  /** As JSON. */
  readonly output: string;
}

interface FailureInput {
  readonly taskToken: string;
  readonly error?: string;
  readonly cause?: string;
}

export const taskTokenOperations = (tokens: TaskTokens) => ({
  SendTaskSuccess: ({ taskToken, output }: SuccessInput) => tokens.succeed(taskToken, parseOutput(output)),

  SendTaskFailure: ({ taskToken, error = '', cause = '' }: FailureInput) => tokens.fail(taskToken, error, cause),

  SendTaskHeartbeat: ({ taskToken }: { taskToken: string }) => tokens.beat(taskToken),
});

function parseOutput(output: string): Json {
  if (exceedsPayload(output)) throw invalidOutput('the output is longer than the service allows');
  try {
    return JSON.parse(output);
  } catch (error) {
    throw invalidOutput((error as SyntaxError).message);
  }
}
