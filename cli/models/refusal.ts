import { CliError } from '../errors.ts';

/** What a command refuses or could not do. */
export class RefusedError extends CliError {
  override readonly name = 'RefusedError';
}
