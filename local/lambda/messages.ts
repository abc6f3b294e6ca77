/** What a child process is started with, as JSON in its first argument. */
export interface RuntimeSettings {
  readonly directory: string;
  readonly handler: string;
  readonly resolveFrom: string | undefined;
  readonly context: FunctionContext;
}

/** The part of the context object that stays the same for the life of an execution environment. */
export interface FunctionContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** To the child: one event. The next one follows only after the answer. */
export interface InvokeMessage {
  readonly requestId: string;
  /**
   * The event as JSON text, not as an object: the text is needed anyway (for its length), and passes through the
   * structured clone as one copy. 150 KB take 0.4 ms both ways, 4 MB 10 ms; JSON serialization of the channel takes twice that.
   */
  readonly payload: string;
  readonly timeoutMs: number;
  readonly traceId: string;
  readonly invokedFunctionArn: string;
}

/** An error as Lambda writes it into the payload. */
export interface LambdaError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export interface AnswerMessage {
  readonly type: 'answer';
  /** JSON of what the handler returned; absent when it threw. */
  readonly payload?: string;
  readonly error?: LambdaError;
  /** Resident memory after the invocation. Not the peak of getrusage: that one starts at the parent's own size. */
  readonly memoryBytes: number;
  /** Bytes written since the start: the parent reads that far before it closes the invocation's log. */
  readonly written: { readonly stdout: number; readonly stderr: number };
}

/** From the child. After `failed` the process exits: the code could not be loaded, or threw where nobody caught it. */
export type RuntimeMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: LambdaError }
  | AnswerMessage;

/** What a synchronous response may weigh. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_RESPONSE_BYTES = 6_291_556;
