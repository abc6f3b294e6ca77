import { awsJson } from '../aws-json.ts';
import { authorizeOperations, type Iam } from '../iam/index.ts';
import { listen } from '../listen.ts';
import type { Service } from '../service.ts';
import { systemTimer, type Timer } from '../timer.ts';
import { operationAccess, refusalStyle } from './authorization.ts';
import { openDatabase } from './database.ts';
import type { Execution } from './execution.ts';
import { executionOperations } from './execution-operations.ts';
import { ExecutionStore } from './execution-store.ts';
import { Executions } from './executions.ts';
import { HistoryStore } from './history-store.ts';
import { stateMachineOperations } from './state-machine-operations.ts';
import { StateMachineStore } from './state-machine-store.ts';
import { type NewStateMachine, StateMachines } from './state-machines.ts';
import { metricsOf, type StatesMetric, type StatusEvent, statusEvent } from './status-change.ts';
import { taskTokenOperations } from './task-token-operations.ts';
import { taskRunner } from './tasks/task-runner.ts';
import type { TaskServices } from './tasks/task-services.ts';
import { TaskTokens } from './tasks/task-tokens.ts';

export interface StepFunctionsOptions {
  /** Where `stepfunctions.sqlite` lies: state machines, executions and their histories outlive the process. */
  readonly dir: string;
  /** @default 0 - a free port */
  readonly port?: number;
  /** @default the computer's own time */
  readonly timer?: Timer;
  /** From 0 to below 1, for the jitter of retries. @default Math.random */
  readonly random?: () => number;
  /** Decides who may do what. @default - everybody may do everything */
  readonly iam?: Iam | undefined;
  /** What tasks call. */
  readonly services: TaskServices;
  readonly onMetric?: (metric: StatesMetric) => void;
  /** Told of each execution that starts or ends, as EventBridge is. */
  readonly onStatusChange?: (event: StatusEvent) => void;
  /** Told of faults of the emulator itself. */
  readonly onFault?: (error: unknown) => void;
}

export interface StepFunctionsService extends Service {
  /** @throws {AwsError} InvalidName, InvalidDefinition */
  ensureStateMachine(machine: NewStateMachine): void;
  /**
   * Starts an execution from within this process.
   * @throws {AwsError} as StartExecution does
   */
  startExecution(input: { stateMachineArn: string; input: string; name?: string }): void;
  /** Goes on with the executions that ran when the process ended; called once, when what they call is there. */
  resume(): void;
}

const DAY_MS = 24 * 3_600_000;
/** As long as AWS keeps them after they ended; a name may be used again from then on. */
const RETENTION_MS = 90 * DAY_MS;

/** AWS Step Functions on 127.0.0.1: standard workflows in JSONPath. */
export async function startStepFunctions(options: StepFunctionsOptions): Promise<StepFunctionsService> {
  const { timer = systemTimer, random = Math.random, onMetric = () => {}, onStatusChange = () => {} } = options;
  const { iam, onFault = () => {} } = options;
  const { now } = timer;
  const db = openDatabase(options.dir);
  const [store, history] = [new ExecutionStore(db), new HistoryStore(db)];
  const machines = new StateMachines(new StateMachineStore(db), now);
  const tokens = new TaskTokens(now);
  const onStatus = (execution: Execution) => {
    for (const metric of metricsOf(execution)) onMetric(metric);
    onStatusChange(statusEvent(execution));
  };
  const tasks = taskRunner(options.services);
  const executions = new Executions({ db, store, history, timer, random, tasks, tokens, onStatus, onFault });
  const operations = {
    ...stateMachineOperations(machines),
    ...executionOperations({ machines, executions, store, history, now }),
    ...taskTokenOperations(tokens),
  };
  const access = { operations: Object.keys(operations), access: operationAccess, style: refusalStyle };
  const authorize = iam && authorizeOperations({ iam, ...access });
  const { url, close } = await listen(awsJson({ ...protocol, operations, authorize, onFault }), options.port);
  const sweep = () => {
    try {
      store.forgetEndedBefore(now() - RETENTION_MS);
    } catch (error) {
      onFault(error); // nothing that runs on a timer may end the process
    }
  };
  sweep();
  const sweeping = setInterval(sweep, DAY_MS).unref();
  const shutDown = async () => {
    clearInterval(sweeping);
    await close();
    await executions.close();
    db.close();
  };
  let closed: Promise<void> | undefined;
  return {
    url,
    ensureStateMachine: (machine) => machines.ensure(machine),
    startExecution: (input) => void operations.StartExecution(input),
    resume: () => executions.resumeAll(),
    close: () => (closed ??= shutDown()),
  };
}

const protocol = { target: 'AWSStepFunctions', version: '1.0', errorNamespace: 'com.amazonaws.states' } as const;
