import type { LambdaError } from './messages.ts';

export interface ReportFacts {
  readonly requestId: string;
  readonly durationMs: number;
  /** Only for a cold start. It is billed, since August 2025 for every kind of function. */
  readonly initMs?: number | undefined;
  readonly memoryMb: number;
  readonly maxMemoryBytes: number;
  readonly error?: LambdaError | undefined;
}

/** The line that Lambda writes at the end of every invocation; its fields are parted by tabs. */
export function reportLine(facts: ReportFacts): string {
  const billedMs = Math.ceil(facts.durationMs + (facts.initMs ?? 0));
  const fields = [
    `REPORT RequestId: ${facts.requestId}`,
    `Duration: ${facts.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs} ms`,
    `Memory Size: ${facts.memoryMb} MB`,
    `Max Memory Used: ${Math.ceil(facts.maxMemoryBytes / 1024 / 1024)} MB`,
  ];
  if (facts.initMs !== undefined) fields.push(`Init Duration: ${facts.initMs.toFixed(2)} ms`);
  return [...fields, ...status(facts.error)].join('\t');
}

/** Only what the platform ended is marked: an error that the handler threw is an ordinary end. */
function status(error: LambdaError | undefined): string[] {
  if (error?.errorType === 'Sandbox.Timedout') return ['Status: timeout'];
  if (error?.errorType.startsWith('Runtime.')) return ['Status: error', `Error Type: ${error.errorType}`];
  return [];
}
