import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { REQUIRED_BOOTSTRAP_VERSION } from '../../cli/deploy/preflight.ts';
import { anApp } from '../support/synth.ts';

const folder = mkdtempSync(join(tmpdir(), 'kilat-bootstrap-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('needs the bootstrap that a deployment looks for', () => {
  const { stacks } = anApp(folder).synth();

  const versions = stacks.map(({ requiresBootstrapStackVersion }) => requiresBootstrapStackVersion);
  expect(new Set(versions)).toEqual(new Set([REQUIRED_BOOTSTRAP_VERSION]));
});
