import { Concurrency } from './concurrency.ts';
import { type FunctionConfiguration, LATEST, versionOf } from './function-configuration.ts';
import { FunctionHost, type FunctionHostOptions } from './function-host.ts';
import { functionNotFound } from './refusals.ts';

export type FunctionVersionsOptions = Omit<FunctionHostOptions, 'version' | 'concurrency'>;

/** A function with its published versions: each has environments of its own, and they share what is reserved for all. */
export class FunctionVersions {
  readonly fn: FunctionConfiguration;
  readonly #hosts: ReadonlyMap<string, FunctionHost>;

  constructor(fn: FunctionConfiguration, options: FunctionVersionsOptions) {
    this.fn = fn;
    const concurrency = new Concurrency(fn.reservedConcurrency ?? Number.POSITIVE_INFINITY, options.measure);
    const hostOf = (version: string) => new FunctionHost(fn, { ...options, version, concurrency });
    this.#hosts = new Map([LATEST, ...(fn.versions ?? [])].map((version) => [version, hostOf(version)]));
  }

  /** @throws {AwsError} ResourceNotFoundException, where the function has no such version or alias */
  host(qualifier: string | undefined): FunctionHost {
    const host = this.#hosts.get(versionOf(this.fn, qualifier) ?? '');
    if (!host) throw functionNotFound({ name: this.fn.name, qualifier });
    return host;
  }

  retire(): void {
    for (const host of this.#hosts.values()) host.retire();
  }

  async close(reason: Error): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.close(reason)));
  }
}
