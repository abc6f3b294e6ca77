/** What keeps a command from its work, in one sentence that a person can act upon. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
}
