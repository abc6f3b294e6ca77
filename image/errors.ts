/** What a person can put right: the command shows the message alone. */
export class ImageError extends Error {
  override readonly name: string = 'ImageError';
}

export class MissingToolsError extends ImageError {
  override readonly name = 'MissingToolsError';
  /** each with what to do about it */
  readonly missing: readonly string[];

  constructor(purpose: string, missing: readonly string[]) {
    super(`${purpose}: ${missing.join('; ')}`);
    this.missing = missing;
  }
}

export class ProgramFailedError extends ImageError {
  override readonly name = 'ProgramFailedError';
  readonly program: string;

  constructor(program: string, ended: string, said: string) {
    super(`${program} ${ended}${said && `:\n${said}`}`);
    this.program = program;
  }
}

/** A package is not the one that the lock names. */
export class LockedPackageError extends ImageError {
  override readonly name = 'LockedPackageError';
}

export class UnlicensedFilesError extends ImageError {
  override readonly name = 'UnlicensedFilesError';
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    super(`${paths.length} files of the image belong to nothing with a licence: ${paths.slice(0, 5).join(', ')}`);
    this.paths = paths;
  }
}
