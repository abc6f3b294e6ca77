import { type AliasState, limits } from '@kilat/contracts';
import type { ModelRef } from '../registry/registry-store.ts';

export interface AliasWatchPorts {
  readonly readState: (ref: ModelRef) => Promise<AliasState>;
  /** epoch milliseconds */
  readonly now: () => number;
  /** Told when aliases could not be read and the ones known before go on serving. */
  readonly onStale: (ref: ModelRef, error: unknown) => void;
}

/** What is known is used as it is for so long: a third of the time within which a move must be noticed. */
const FRESH_MS = (limits.registry.aliasNoticeSeconds * 1000) / 3;
/** From then on it is read again beside the request, and from here on the request waits for it. */
const STALE_MS = 2 * FRESH_MS;

interface Known {
  readonly state: AliasState;
  readonly readAt: number;
}

/**
 * What serves, without asking the registry for each request: a process that is asked often reads a model's aliases once
 * in ten seconds, beside a request that does not wait for it.
 */
export class AliasWatch {
  readonly #ports: AliasWatchPorts;
  readonly #known = new Map<string, Known>();
  readonly #reading = new Map<string, Promise<AliasState>>();

  constructor(ports: AliasWatchPorts) {
    this.#ports = ports;
  }

  /**
   * The aliases as they were within the last twenty seconds. Where the registry does not answer, those known before.
   * @throws whatever the registry throws, where none are known
   */
  async state(ref: ModelRef): Promise<AliasState> {
    const known = this.#known.get(keyOf(ref));
    if (!known) return this.#read(ref);
    const age = this.#ports.now() - known.readAt;
    if (age < FRESH_MS) return known.state;
    const reading = this.#read(ref).catch((error: unknown) => {
      this.#ports.onStale(ref, error);
      return known.state;
    });
    return age < STALE_MS ? known.state : reading;
  }

  /** One read at a time and model, however many ask. */
  #read(ref: ModelRef): Promise<AliasState> {
    const key = keyOf(ref);
    const begun = this.#reading.get(key);
    if (begun) return begun;
    const startedAt = this.#ports.now();
    const reading = this.#ports
      .readState(ref)
      .then((state) => {
        this.#known.set(key, { state, readAt: startedAt });
        return state;
      })
      .finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }
}

const keyOf = ({ tenantId, model }: ModelRef): string => `${tenantId} ${model}`;
