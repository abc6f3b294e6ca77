import { defineConfig } from 'vitest/config';

/** One project per kind of test; each folder's scope is described in CONTRIBUTING.md. */
const project = (name: string, options: Record<string, unknown> = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], environment: 'node', ...options },
});

export default defineConfig({
  test: {
    projects: [
      project('unit'),
      project('functions', { testTimeout: 20_000, globalSetup: 'test/support/cloud-setup.ts' }),
      project('infra', { testTimeout: 60_000, hookTimeout: 60_000 }),
      project('conformance', { testTimeout: 30_000, hookTimeout: 30_000 }),
      project('iam', { testTimeout: 30_000, hookTimeout: 60_000 }),
      project('chaos', { testTimeout: 60_000, hookTimeout: 60_000 }),
      project('models', { testTimeout: 120_000, hookTimeout: 60_000 }),
      project('image', { testTimeout: 60_000, hookTimeout: 120_000, globalSetup: 'test/support/image/setup.ts' }),
      project('e2e', { testTimeout: 60_000, hookTimeout: 120_000, globalSetup: 'test/support/cloud-setup.ts' }),
    ],
  },
});
