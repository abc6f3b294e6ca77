import type { AccessRequest, OperationAccess, RefusalStyle } from '../iam/index.ts';
import { stateMachineArn } from './names.ts';

export const refusalStyle: RefusalStyle = { status: 400 };

interface OfMachine {
  readonly stateMachineArn?: string;
}

interface OfExecution {
  readonly executionArn?: string;
}

const onMachine =
  (action: string) =>
  ({ stateMachineArn: resource = '*' }: OfMachine): AccessRequest[] => [{ action: `states:${action}`, resource }];

const onExecution =
  (action: string) =>
  ({ executionArn: resource = '*' }: OfExecution): AccessRequest[] => [{ action: `states:${action}`, resource }];

const anywhere = (action: string) => (): AccessRequest[] => [{ action: `states:${action}`, resource: '*' }];

/**
 * What each operation asks for.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
export const operationAccess: OperationAccess = {
  CreateStateMachine: ({ name = '' }: { name?: string }) => [
    { action: 'states:CreateStateMachine', resource: stateMachineArn(name) },
  ],
  DescribeStateMachine: onMachine('DescribeStateMachine'),
  ListStateMachines: anywhere('ListStateMachines'),
  StartExecution: onMachine('StartExecution'),
  ListExecutions: onMachine('ListExecutions'),
  DescribeExecution: onExecution('DescribeExecution'),
  DescribeStateMachineForExecution: onExecution('DescribeStateMachineForExecution'),
  GetExecutionHistory: onExecution('GetExecutionHistory'),
  StopExecution: onExecution('StopExecution'),
  RedriveExecution: onExecution('RedriveExecution'),
  SendTaskSuccess: anywhere('SendTaskSuccess'),
  SendTaskFailure: anywhere('SendTaskFailure'),
  SendTaskHeartbeat: anywhere('SendTaskHeartbeat'),
};
