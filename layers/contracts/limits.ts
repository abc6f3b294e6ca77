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
  imageUrl: { maxLength: 2048, maxRedirects: 3, timeoutMs: 5000 },
} as const;
