import { randomUUID } from 'node:crypto';
import { describe } from 'vitest';
import { memoryRegistryStore } from '../support/memory-registry-store.ts';
import { registryStoreContract } from '../support/registry-store-contract.ts';

describe('a registry in memory', () => registryStoreContract(memoryRegistryStore, randomUUID));
