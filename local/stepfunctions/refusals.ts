import { AwsError } from '../aws-json.ts';

const refusal = (code: string, text: string, value: string) => new AwsError(code, `${text}: '${value}'`);

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html#API_StartExecution_Errors */
export const stateMachineDoesNotExist = (arn: string) =>
  refusal('StateMachineDoesNotExist', 'State Machine Does Not Exist', arn);
export const stateMachineAlreadyExists = (arn: string) =>
  refusal('StateMachineAlreadyExists', 'State Machine Already Exists', arn);
export const executionDoesNotExist = (arn: string) => refusal('ExecutionDoesNotExist', 'Execution Does Not Exist', arn);
export const executionAlreadyExists = (arn: string) =>
  refusal('ExecutionAlreadyExists', 'Execution Already Exists', arn);
export const executionNotRedrivable = (reason: string) =>
  refusal('ExecutionNotRedrivable', 'Execution Not Redrivable', reason);
export const invalidExecutionInput = (reason: string) =>
  refusal('InvalidExecutionInput', 'Invalid State Machine Execution Input', reason);
export const invalidDefinition = (reason: string) =>
  refusal('InvalidDefinition', 'Invalid State Machine Definition', reason);
export const invalidName = (name: string) => refusal('InvalidName', 'Invalid Name', name);
export const invalidArn = (arn: string) => refusal('InvalidArn', 'Invalid Arn', arn);
export const invalidToken = (token: string) => refusal('InvalidToken', 'Invalid Token', token);
export const invalidOutput = (reason: string) => refusal('InvalidOutput', 'Invalid Output', reason);
export const notEmulated = (what: string) => new AwsError('ValidationException', `${what} is not emulated`);
export const validation = (reason: string) => new AwsError('ValidationException', reason);
