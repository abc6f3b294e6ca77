/** What a caller may send. Every bound of the API stands here, and nowhere else. */
export const limits = {
  /** 3 MiB: as base64 in a JSON body it still fits the 6 MB that a Lambda invocation may carry. */
  maxImageBytes: 3 * 1024 * 1024,
  /** 40 megapixels: what decoded pixels may cost in memory, whatever the file's size. */
  maxImagePixels: 40_000_000,
  maxTopK: 1000,
  defaultTopK: 5,
  maxPageSize: 100,
  defaultPageSize: 20,
  maxUsageDays: 92,
  jobs: {
    maxItems: 100_000,
    maxGlobs: 20,
    /** items that one message of the batch queue stands for */
    chunkItems: 20,
    maxManifestBytes: 50 * 1024 * 1024,
    resultUrlSeconds: 900,
    /** how long a repeated Idempotency-Key is known */
    idempotencySeconds: 86_400,
  },
  uploads: { maxForms: 1000, formSeconds: 900 },
  registry: {
    /** a challenger that answers more than half is the champion */
    maxChallengerPercent: 50,
    /** 250 MB: what a function may keep in memory beside the model it serves */
    maxWeightsBytes: 250_000_000,
    /** 32 MiB: of another file of a model, which is parsed as a whole */
    maxArtefactBytes: 32 * 1024 * 1024,
    /** within which every running function serves what the aliases say */
    aliasNoticeSeconds: 30,
  },
  /** of a queue's message, in bytes: SQS takes 256 KiB, and attributes count */
  maxMessageBytes: 200_000,
  tabular: { maxInstances: 1000, maxColumns: 500, maxTopReasons: 10, maxListedErrors: 100, chunkItems: 500 },
  runs: { artefactUrlSeconds: 900 },
  training: {
    /** 256 MiB: of a source, which is read as a whole */
    maxSourceBytes: 256 * 1024 * 1024,
    maxRows: 1_000_000,
    /** after which a run that never ended no longer keeps the next from starting */
    lockSeconds: 6 * 3600,
  },
  webhook: { timeoutMs: 10_000 },
  imageUrl: { maxLength: 2048, maxRedirects: 3, timeoutMs: 5000 },
} as const;
