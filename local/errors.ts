/** What keeps the local cloud from starting or going on, in one sentence that a person can act upon. */
export class LocalCloudError extends Error {
  override readonly name: string = 'LocalCloudError';
}
