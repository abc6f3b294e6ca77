import { type AliasState, limits } from '@kilat/contracts';
import type { ModelRef } from '../registry/registry-store.ts';
import { type Assignment, assignedVersion } from '../registry/traffic.ts';
import type { AliasWatch } from './alias-watch.ts';
import type { LoadedVersions, VersionRef } from './loaded-versions.ts';

export interface ServingPorts<M> {
  readonly watch: Pick<AliasWatch, 'state'>;
  readonly versions: Pick<LoadedVersions<M>, 'open' | 'peek'>;
  /** epoch milliseconds */
  readonly now: () => number;
}

/** What answers one request, from its beginning to its end. */
export interface Served<M> {
  readonly model: M;
  readonly version: string;
  /** `previous`: the champion cannot be loaded, and the one before stands in for it */
  readonly alias: Assignment['alias'] | 'previous';
  /** the version that answers a copy of the request, where there is one */
  readonly shadow?: string;
}

/** Who asks for which model. */
export interface ServingRequest extends ModelRef {
  readonly userId: string;
}

/**
 * Finds what answers a request. A version that has just got its alias is loaded beside the one that serves, which goes on
 * serving until then. A version that cannot be loaded never takes the place of one that can.
 * @throws {ModelNotFoundError} when the tenant has no model of that name
 * @throws whatever loading threw, when nothing that ever was champion can be loaded
 */
export class Serving<M> {
  readonly #ports: ServingPorts<M>;
  /** by tenant and model, the champion that answered last */
  readonly #last = new Map<string, string>();

  constructor(ports: ServingPorts<M>) {
    this.#ports = ports;
  }

  async find(request: ServingRequest): Promise<Served<M>> {
    const state = await this.#ports.watch.state(request);
    const served = await this.#served(request, state);
    const { shadow } = state.aliases;
    return { ...served, ...(shadow && { shadow }) };
  }

  /** A version by its number, whatever it is called. @throws whatever loading throws */
  readonly openVersion = (ref: VersionRef): Promise<M> => this.#ports.versions.open(ref);

  async #served(request: ServingRequest, state: AliasState): Promise<Served<M>> {
    const assigned = assignedVersion(state, request.userId);
    if (assigned.alias === 'challenger') {
      const model = await this.#tryOpen(request, assigned.version);
      if (model) return { model, ...assigned };
    }
    return this.#champion(request, state);
  }

  async #champion(ref: ModelRef, state: AliasState): Promise<Served<M>> {
    const { champion, previous } = state.aliases;
    const standIn = this.#standIn(ref, state);
    const model = standIn
      ? this.#ports.versions.peek({ ...ref, version: champion })
      : await this.#tryOpen(ref, champion);
    if (model) {
      this.#last.set(keyOf(ref), champion);
      return { model, version: champion, alias: 'champion' };
    }
    if (standIn) return this.#beside(ref, champion, standIn);
    return this.#before(ref, champion, previous);
  }

  /** The champion that answered last, where it is still in memory and another has just taken its place. */
  #standIn(ref: ModelRef, { aliases, updated_at }: AliasState): { model: M; version: string } | undefined {
    const version = this.#last.get(keyOf(ref));
    if (!version || version === aliases.champion) return undefined;
    const model = this.#ports.versions.peek({ ...ref, version });
    if (!model || this.#isOverdue(updated_at)) return undefined;
    return { model, version };
  }

  /** Beyond the time within which a move must be noticed, a request waits for the load rather than be answered by the old. */
  #isOverdue(movedAt: string | undefined): boolean {
    const age = this.#ports.now() - Date.parse(movedAt ?? '');
    return !(age < limits.registry.aliasNoticeSeconds * 1000);
  }

  /** Has the champion loaded beside the one that stands in for it. */
  #beside(ref: ModelRef, champion: string, standIn: { model: M; version: string }): Served<M> {
    this.#ports.versions.open({ ...ref, version: champion }).catch(() => {}); // `onLoadFailed` was told
    return { ...standIn, alias: 'previous' };
  }

  /** The champion cannot be loaded: the last one that could, or the one before it, serves on. */
  async #before(ref: ModelRef, champion: string, previous: string | undefined): Promise<Served<M>> {
    for (const version of new Set([this.#last.get(keyOf(ref)), previous])) {
      const model = version && version !== champion && (await this.#tryOpen(ref, version));
      if (model) return { model, version, alias: 'previous' };
    }
    const version = champion;
    return { model: await this.#ports.versions.open({ ...ref, version }), version, alias: 'champion' };
  }

  #tryOpen(ref: ModelRef, version: string): Promise<M | undefined> {
    return this.#ports.versions.open({ tenantId: ref.tenantId, model: ref.model, version }).catch(() => undefined);
  }
}

const keyOf = ({ tenantId, model }: ModelRef): string => `${tenantId} ${model}`;
