import type { FieldError, ProblemCode } from '@kilat/contracts';

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

/** Another's prediction is not found either: its existence is nobody else's business. */
export class PredictionNotFoundError extends PlatformError {
  readonly code = 'prediction-not-found';

  constructor(predictionId: string) {
    super(`no prediction of yours has the id '${predictionId}'`);
  }
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

/** A store refused or did not answer. The message is for the log; the caller learns only that it may try again. */
export class StoreUnavailableError extends PlatformError {
  readonly code = 'store-unavailable';
}

/** A model folder that cannot be served: a fault of whoever installed it, found before it answers anybody. */
export class ModelUnusableError extends Error {
  override readonly name = 'ModelUnusableError';
}
