import { InvokeCommand } from '@aws-sdk/client-lambda';
import { verdictSchema } from '@kilat/contracts';
import type { RegisterPorts } from '@kilat/core';
import { aws } from './aws-clients.ts';

/** Has the function of this name run a candidate. */
export const verifier =
  (FunctionName: string): RegisterPorts['verify'] =>
  async (request) => {
    const { FunctionError, Payload } = await aws.lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }),
    );
    const answer: unknown = JSON.parse(Payload!.transformToString());
    if (!FunctionError) return verdictSchema.parse(answer);
    return { accepted: false, reasons: [whatHappened(answer as { errorType?: string })] };
  };

/** A candidate that takes the whole function with it is refused as well. */
const whatHappened = ({ errorType = 'unknown' }: { readonly errorType?: string }): string =>
  `running it ended the function that ran it (${errorType}): it needs more memory or time than there is`;
