import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type FunctionConfiguration,
  functionArn,
  type LambdaOptions,
  startLambda,
} from '../../../local/lambda/index.ts';

export const FIXTURES = fileURLToPath(new URL('.', import.meta.url));

/** A function of the fixtures, named for its export in `handlers.mjs` unless told otherwise. */
export const aFunction = (handler: string, over: Partial<FunctionConfiguration> = {}): FunctionConfiguration => {
  const name = over.name ?? handler.replace('.', '-');
  return {
    name,
    arn: functionArn(name),
    directory: FIXTURES,
    handler: handler.includes('.') ? handler : `handlers.${handler}`,
    timeoutMs: 3000,
    memoryMb: 256,
    environment: {},
    ...over,
  };
};

/** A local Lambda, and all that it says. */
export async function listenedLambda(functions: FunctionConfiguration[], options: Partial<LambdaOptions> = {}) {
  const said = {
    logs: [] as Parameters<LambdaOptions['onLog']>[0][],
    metrics: [] as Parameters<LambdaOptions['onMetric']>[0][],
    faults: [] as unknown[],
  };
  const lambda = await startLambda({
    functions,
    endpoints: {},
    onLog: (record) => said.logs.push(record),
    onMetric: (metric) => said.metrics.push(metric),
    onFault: (error) => said.faults.push(error),
    ...options,
  });
  return { ...lambda, ...said };
}

/** A zombie, which the first process of a container may leave unreaped, runs no more. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
