import { describe } from 'vitest';
import { memoryRunStore } from '../support/memory-run-store.ts';
import { NOW_SECONDS, runStoreContract } from '../support/run-store-contract.ts';

describe('runs in memory', () => {
  runStoreContract(
    () => memoryRunStore(() => NOW_SECONDS * 1000),
    () => crypto.randomUUID(),
  );
});
