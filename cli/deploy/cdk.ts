import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CliError } from '../errors.ts';

/** What is kept of an output, in characters: what went wrong stands at its end. */
const KEPT = 256 * 1024;

export interface CdkOutcome {
  readonly code: number;
  /** the last of what it said on stderr, where the CDK tells how it goes */
  readonly said: string;
}

export interface CdkRun {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs the CDK's command line. What it says passes through, and what it asks is asked: stdin and stdout are the terminal's.
 * Ctrl-C reaches it by itself, so that here it is merely waited for.
 * @throws {CliError} when it is not installed
 */
export async function runCdk({ args, env }: CdkRun): Promise<CdkOutcome> {
  const child = spawn('cdk', [...args], { env, stdio: ['inherit', 'inherit', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    process.stderr.write(chunk);
    said = (said + chunk).slice(-KEPT);
  });
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, said };
  } catch (cause) {
    throw new CliError('cdk cannot be run; install with npm ci and start with npm run deploy', { cause });
  } finally {
    process.off('SIGINT', ignore);
  }
}
