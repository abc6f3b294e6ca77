import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError, InterruptedError } from '../errors.ts';

/** Asks at the terminal, on stderr: stdout may be a file. */
export const ask = (question: string): Promise<string> => asked(question, process.stderr);

/** As `ask`, and what is typed is not shown. */
export async function askSecretly(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await asked('', nowhere);
  } finally {
    process.stderr.write('\n'); // the one that was typed was not shown either
  }
}

function asked(question: string, output: NodeJS.WritableStream): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CliError('there is no terminal to ask at; set KILAT_USERNAME and KILAT_PASSWORD');
  }
  const prompt = createInterface({ input: process.stdin, output, terminal: true });
  return new Promise<string>((resolve, reject) => {
    prompt.once('close', () => reject(new InterruptedError('stopped'))); // Ctrl-C and Ctrl-D; after an answer, too late
    prompt.question(question, resolve);
  }).finally(() => prompt.close());
}
