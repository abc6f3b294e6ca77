/** An API, and how to enter it. */
export interface Connection {
  readonly apiUrl: string;
  /** A token that is good for the next minute. */
  readonly accessToken: () => Promise<string>;
  /** What to tell when nobody answers at `apiUrl`. */
  readonly whenUnreachable: string;
}
