import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { StartPorts } from '@kilat/core';
import { aws } from './aws-clients.ts';

/** Starts executions of the state machine of training, each under the id of its run. */
export const executions =
  (stateMachineArn: string): StartPorts['start'] =>
  async (input) => {
    try {
      await aws.stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn, name: input.run_id, input: JSON.stringify(input) }),
      );
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error; // it was started before, by a try that was cut off
    }
  };
