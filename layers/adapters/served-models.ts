import {
  AliasWatch,
  type AliasWatchPorts,
  type LoadedModel,
  LoadedVersions,
  type LoadedVersionsPorts,
  type Registry,
  registryOf,
  Serving,
} from '@kilat/core';
import { now } from './clock.ts';
import type { ModelStore } from './model-store.ts';
import { registryStore } from './registry-store.ts';
import { versionLoader } from './version-loader.ts';

export interface ServedModelsOptions extends Pick<AliasWatchPorts, 'onStale'> {
  readonly shipped: ModelStore;
  readonly registryTable: string;
  readonly modelsBucket: string;
  readonly onLoadFailed: LoadedVersionsPorts<LoadedModel>['onLoadFailed'];
}

/**
 * Half a GB of weights beside those of the image, in a function that has at least as much to spare: onnxruntime keeps
 * about twice the size of a file.
 */
const CAPACITY_BYTES = 256 * 1024 * 1024;

/** What serves each tenant, kept in memory by what was asked for last. */
export function servedModels(options: ServedModelsOptions): Serving<LoadedModel> {
  const { shipped, registryTable, modelsBucket, onLoadFailed, onStale } = options;
  const registry: Promise<Registry> = shipped
    .manifests()
    .then((manifests) => registryOf(registryStore(registryTable), manifests));
  registry.catch(() => {}); // whoever awaits it hears of the fault
  const load = versionLoader({
    bucket: modelsBucket,
    openShipped: shipped.open,
    find: async (ref) => (await registry).find(ref, ref.version),
  });
  const watch = new AliasWatch({ readState: async (ref) => (await registry).state(ref), now, onStale });
  const versions = new LoadedVersions<LoadedModel>({
    load,
    capacity: CAPACITY_BYTES,
    now,
    onLoadFailed,
  });
  return new Serving({ watch, versions, now });
}
