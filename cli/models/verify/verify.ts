import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '@kilat/adapters/model-folder';
import { openModelFolder } from '@kilat/adapters/model-store';
import { type Golden, goldenSchema, type ModelManifest } from '@kilat/contracts';
import { faultOf, type LoadedModel, probe } from '@kilat/core';
import * as z from 'zod';
import { catalogue } from '../../catalogue/index.ts';
import { reasonOf } from '../../errors.ts';
import { RefusedError } from '../refusal.ts';
import { type CaseResult, runGolden } from './golden-cases.ts';

export interface ModelReport {
  readonly model: string;
  readonly version?: string;
  readonly ok: boolean;
  /** the first thing that failed; what comes after it was not tried */
  readonly failure?: string;
  readonly cases: readonly CaseResult[];
}

/** Checks a model folder as far as it goes: manifest, hash, signature, an answer to a blank image, golden cases. */
export async function verifyModel(modelsDir: string, name: string): Promise<ModelReport> {
  const folder = join(modelsDir, name);
  let version: string | undefined;
  try {
    const manifest = await readManifest(folder);
    version = manifest.version;
    const model = await openFolder(folder, name, manifest);
    await probe(model);
    return { ...summary(await runGoldenOf(folder, model)), model: name, version };
  } catch (error) {
    return { model: name, ...(version && { version }), ok: false, failure: reasonOf(error), cases: [] };
  }
}

async function openFolder(folder: string, name: string, manifest: ModelManifest): Promise<LoadedModel> {
  if (manifest.name !== name) throw new RefusedError(`its manifest calls it '${manifest.name}'`);
  assertPulled(folder, manifest);
  const fault = faultOf(manifest);
  if (fault) throw new RefusedError(fault);
  return openModelFolder(folder, manifest);
}

function assertPulled(folder: string, { name, weights }: ModelManifest): void {
  if (existsSync(join(folder, weights.file))) return;
  const remedy = catalogue.has(name) ? `; "kilat models pull ${name}" fetches it` : '';
  throw new RefusedError(`${weights.file} is not here${remedy}`);
}

async function runGoldenOf(folder: string, model: LoadedModel): Promise<CaseResult[]> {
  const path = join(folder, 'golden.json');
  if (!existsSync(path)) return [];
  return runGolden(model, await readGolden(path), (file) => readFile(join(folder, file)));
}

async function readGolden(path: string): Promise<Golden> {
  const parsed = goldenSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new RefusedError(`${path} is not in order: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function summary(cases: readonly CaseResult[]): Pick<ModelReport, 'ok' | 'failure' | 'cases'> {
  const failed = cases.filter(({ ok }) => !ok);
  if (failed.length === 0) return { ok: true, cases };
  const names = failed.map(({ name }) => name).join(', ');
  return { ok: false, failure: `${failed.length} of ${cases.length} golden cases failed: ${names}`, cases };
}
