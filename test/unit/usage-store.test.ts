import { describe } from 'vitest';
import { memoryUsageStore } from '../support/memory-usage-store.ts';
import { usageStoreContract } from '../support/usage-store-contract.ts';

describe('usage in memory', () => usageStoreContract(memoryUsageStore));
