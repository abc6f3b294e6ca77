import { type FieldError, type JobState, limits, type ProblemCode } from '@kilat/contracts';
import type { Standing } from './quota/standing.ts';

/** A refusal that the platform expected. The message says what is wrong, the value, and what is allowed. */
export abstract class PlatformError extends Error {
  abstract readonly code: ProblemCode;
  readonly errors: readonly FieldError[] = [];

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class MalformedRequestError extends PlatformError {
  readonly code = 'malformed-request';
}

export class InvalidRequestError extends PlatformError {
  readonly code = 'invalid-request';
  override readonly errors: readonly FieldError[];

  constructor(message: string, errors: readonly FieldError[]) {
    super(message);
    this.errors = errors;
  }
}

export class UnauthorizedError extends PlatformError {
  readonly code = 'unauthorized';
}

export class ForbiddenError extends PlatformError {
  readonly code = 'forbidden';
}

export class RouteNotFoundError extends PlatformError {
  readonly code = 'route-not-found';
}

export class ModelNotFoundError extends PlatformError {
  readonly code = 'model-not-found';

  constructor(name: string, known: readonly string[]) {
    super(`no model is named '${name}'; this stage serves ${known.join(', ') || 'none'}`);
  }
}

export class ModelVersionNotFoundError extends PlatformError {
  readonly code = 'model-version-not-found';

  constructor(model: string, version: string) {
    super(`'${model}' has no version ${version}`);
  }
}

/** What was to be registered does not do what it says, or does what no model may do. */
export class ModelRefusedError extends PlatformError {
  readonly code = 'model-refused';
  override readonly errors: readonly FieldError[];

  constructor(model: string, errors: readonly FieldError[]) {
    super(`this is no version of '${model}': ${errors.map(({ detail }) => detail).join('; ')}`);
    this.errors = errors;
  }
}

/** Rows that are not as the model's table says. */
export class InvalidInstancesError extends PlatformError {
  readonly code = 'invalid-instances';
  override readonly errors: readonly FieldError[];

  /** @param errors every one; the first of them are listed, all are counted */
  constructor(errors: readonly FieldError[]) {
    const { pointer, detail } = errors[0]!;
    const count = errors.length === 1 ? 'a value is' : `${errors.length} values are`;
    super(`${count} not as the model's table says; '${pointer}': ${detail}`);
    this.errors = errors.slice(0, limits.tabular.maxListedErrors);
  }
}

/** What was sent is for models of another kind. */
export class WrongTaskError extends PlatformError {
  readonly code = 'wrong-task';
}

export class NoPreviousVersionError extends PlatformError {
  readonly code = 'no-previous-version';

  constructor(model: string) {
    super(`'${model}' has had one champion alone: there is nothing to roll back to`);
  }
}

export class RunNotFoundError extends PlatformError {
  readonly code = 'run-not-found';

  constructor(runId: string) {
    super(`there is no run '${runId}'`);
  }
}

export class ArtefactNotFoundError extends PlatformError {
  readonly code = 'artefact-not-found';

  constructor(runId: string, name: string) {
    super(`run '${runId}' has no file '${name}'`);
  }
}

/** Of one tenant and model, one run is under way at a time. */
export class RunInProgressError extends PlatformError {
  readonly code = 'run-in-progress';

  constructor(model: string, runId?: string) {
    super(`'${model}' is being trained already${runId === undefined ? '' : `, by run '${runId}'`}`);
  }
}

/** Nothing is known of how to train such a model, or of what on. */
export class NotTrainableError extends PlatformError {
  readonly code = 'not-trainable';

  constructor(model: string, reason: string) {
    super(`'${model}' cannot be trained: ${reason}`);
  }
}

/** Somebody moved the aliases since the caller read them. */
export class PreconditionFailedError extends PlatformError {
  readonly code = 'precondition-failed';

  constructor(model: string, etag?: string) {
    super(`the aliases of '${model}' have moved since${etag ? `; their ETag is ${etag} now` : ''}`);
  }
}

export class PreconditionRequiredError extends PlatformError {
  readonly code = 'precondition-required';
}

/** Another's prediction is not found either: its existence is nobody else's business. */
export class PredictionNotFoundError extends PlatformError {
  readonly code = 'prediction-not-found';

  constructor(predictionId: string) {
    super(`no prediction of yours has the id '${predictionId}'`);
  }
}

/** Another's job is not found either. */
export class JobNotFoundError extends PlatformError {
  readonly code = 'job-not-found';

  constructor(jobId: string) {
    super(`no job of yours has the id '${jobId}'`);
  }
}

export class JobHasEndedError extends PlatformError {
  readonly code = 'job-has-ended';

  constructor(state: JobState) {
    super(`the job is ${state} and cannot be cancelled any more`);
  }
}

export class JobResultNotAvailableError extends PlatformError {
  readonly code = 'job-result-not-available';

  constructor(state: JobState) {
    super(`the job is ${state}; a result has a job that ran to its end`);
  }
}

export class IdempotencyKeyInUseError extends PlatformError {
  readonly code = 'idempotency-key-in-use';

  constructor(key: string) {
    super(`a request with the idempotency key '${key}' is still being answered; try again in a moment`);
  }
}

export class IdempotencyKeyReusedError extends PlatformError {
  readonly code = 'idempotency-key-reused';

  constructor(key: string) {
    super(`the idempotency key '${key}' came with another request before`);
  }
}

export class WebhookUrlNotAllowedError extends PlatformError {
  readonly code = 'webhook-url-not-allowed';
}

export class WebhookNotDeliveredError extends PlatformError {
  readonly code = 'webhook-not-delivered';
}

export class TooManyItemsError extends PlatformError {
  readonly code = 'too-many-items';

  constructor(maxItems: number) {
    super(`the source has more than ${maxItems} items`);
  }
}

export class SourceNotFoundError extends PlatformError {
  readonly code = 'source-not-found';
}

export class InvalidManifestError extends PlatformError {
  readonly code = 'invalid-manifest';
}

export class ImageTooLargeError extends PlatformError {
  readonly code = 'image-too-large';

  constructor(maxBytes: number) {
    super(`the image has more than ${maxBytes} bytes`);
  }
}

export class UnsupportedMediaTypeError extends PlatformError {
  readonly code = 'unsupported-media-type';
}

export class UnsupportedImageFormatError extends PlatformError {
  readonly code = 'unsupported-image-format';
}

export class UndecodableImageError extends PlatformError {
  readonly code = 'undecodable-image';
}

export class ImageTooManyPixelsError extends PlatformError {
  readonly code = 'image-too-many-pixels';
}

export class ImageUrlNotAllowedError extends PlatformError {
  readonly code = 'image-url-not-allowed';
}

export class ImageUrlUnreachableError extends PlatformError {
  readonly code = 'image-url-unreachable';
}

/** An item of a job, or a dropped photo, for which the day has no prediction left. */
export class DayQuotaSpentError extends PlatformError {
  readonly code = 'too-many-requests';

  constructor() {
    super("the day's predictions are used up; the next day begins at midnight UTC");
  }
}

/** The caller, or all of its tenant together, have used up a quota. */
export class TooManyRequestsError extends PlatformError {
  readonly code = 'too-many-requests';
  readonly standings: readonly Standing[];
  /** until every quota that is used up starts anew */
  readonly retryAfterSeconds: number;

  /** @param predictions that were asked for together */
  constructor(standings: readonly Standing[], predictions = 1) {
    const spent = standings.filter(({ counts, remaining }) => remaining < (counts === 'predictions' ? predictions : 1));
    const told = spent.map(
      ({ name, quota, counts, windowSeconds, remaining }) =>
        `'${name}' (${quota} ${counts} in ${windowSeconds} s${remaining > 0 ? `, ${remaining} left of which ${predictions} are asked for` : ''})`,
    );
    super(`used up: ${told.join(', ')}`);
    this.standings = standings;
    this.retryAfterSeconds = Math.max(...spent.map(({ resetSeconds }) => resetSeconds));
  }
}

/** A store refused or did not answer. The message is for the log; the caller learns only that it may try again. */
export class StoreUnavailableError extends PlatformError {
  readonly code = 'store-unavailable';
}

/** A model folder that cannot be served: a fault of whoever installed it, found before it answers anybody. */
export class ModelUnusableError extends Error {
  override readonly name = 'ModelUnusableError';
}
