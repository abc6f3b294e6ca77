import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Golden, goldenSchema, type Instance, type InstanceCase, instanceSchema } from '@kilat/contracts';
import { projectRoot } from './shared-data.ts';

export const churnFile = (name: string): string => join(projectRoot, 'models/churn', name);

const read = (name: string): unknown => JSON.parse(readFileSync(churnFile(name), 'utf8'));

/** Rows whose probabilities the trainer, not onnxruntime, computed. */
export const churnGolden: Golden = goldenSchema.parse(read('golden.json'));
export const churnCases: readonly InstanceCase[] = churnGolden.instance_cases;

/** A customer whom the table allows, with what matters to a test. */
export const aCustomer = (parts: Instance = {}): Instance =>
  instanceSchema.parse({ ...churnCases[0]!.instance, ...parts });
