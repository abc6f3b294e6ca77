import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { CliError } from '../errors.ts';

/** A stage that somebody signed in to: where it is, and what opens it. */
const signInSchema = z.object({
  api_url: z.url(),
  cognito_url: z.url(),
  client_id: z.string().min(1),
  username: z.string().min(1),
  access_token: z.string(),
  expires_at_ms: z.number(),
  refresh_token: z.string(),
});
export type SignIn = z.output<typeof signInSchema>;

/** Where a deployed stage is. */
export type Place = Pick<SignIn, 'api_url' | 'client_id' | 'cognito_url'>;

const fileSchema = z.object({ stages: z.record(z.string(), signInSchema) });
type SignIns = z.output<typeof fileSchema>['stages'];

/** The sign-ins to deployed stages, by the stage's name, in a file that only its owner can read. */
export class SignInStore {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  names(): string[] {
    return Object.keys(this.#read());
  }

  get(stage: string): SignIn | undefined {
    return this.#read()[stage];
  }

  put(stage: string, signIn: SignIn): void {
    this.#write({ ...this.#read(), [stage]: signIn });
  }

  delete(stage: string): void {
    const { [stage]: _, ...rest } = this.#read();
    this.#write(rest);
  }

  #read(): SignIns {
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8'))).stages;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw new CliError(`${this.#file} cannot be read; remove it and sign in again with kilat login`); // no cause: it may quote the file
    }
  }

  /** Whole or not at all, and from its first byte for this user's eyes only. */
  #write(stages: SignIns): void {
    const temporary = `${this.#file}.${process.pid}`;
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, `${JSON.stringify({ stages }, undefined, 2)}\n`, { mode: 0o600 });
    chmodSync(temporary, 0o600); // a file left there by an earlier crash keeps its own mode
    renameSync(temporary, this.#file);
  }
}

/** Where the XDG base directory specification puts a program's settings: a relative path is to be ignored. */
export function signInStore(env: NodeJS.ProcessEnv = process.env): SignInStore {
  const configured = env.XDG_CONFIG_HOME;
  const folder = configured?.startsWith('/') ? configured : join(homedir(), '.config');
  return new SignInStore(join(folder, 'kilat', 'credentials.json'));
}
