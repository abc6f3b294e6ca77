import { readFileSync } from 'node:fs';
import { readManifest } from '@kilat/adapters/model-folder';
import { openModelFolder } from '@kilat/adapters/model-store';
import { type TabularManifest, tabularExplainerSchema } from '@kilat/contracts';
import { answerInstances, assertTabularClassifier } from '@kilat/core';
import {
  binaryLabels,
  calibrateAll,
  encode,
  exportTabularModel,
  partsOfExplainer,
  rankProbabilities,
  rocAuc,
  treeLogOdds,
  validateRows,
} from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { generateCustomers } from '../../models/churn/generate.ts';
import { churnFile } from '../support/churn.ts';
import { largestDifference } from '../support/learning.ts';

const manifest = (await readManifest(churnFile('.'))) as TabularManifest;
const explainer = tabularExplainerSchema.parse(JSON.parse(readFileSync(churnFile('explainer.json'), 'utf8')));
const model = await openModelFolder(churnFile('.'), manifest);
assertTabularClassifier(model);

/** Customers of a seed that the recipe does not use. */
const customers = generateCustomers(4000, 77);
const rows = customers.map(({ row }) => row);
const labels = binaryLabels(manifest.table.target, rows);

describe('churn', () => {
  it('has customers who fit its table, a quarter to a third of whom leave', () => {
    expect(validateRows(manifest.table, rows).errorCount).toBe(0);
    expect(labels.reduce((sum, label) => sum + label, 0) / rows.length).toBeGreaterThan(0.24);
    expect(labels.reduce((sum, label) => sum + label, 0) / rows.length).toBeLessThan(0.32);
  });

  it('is the export of its explainer, byte for byte', () => {
    const file = exportTabularModel({ name: 'churn', ...partsOfExplainer(explainer) });

    expect(Buffer.from(file).equals(readFileSync(churnFile('model.onnx')))).toBe(true);
  });

  it('gives in onnxruntime what its trainer gives, to 1e-5', async () => {
    const { encoder, classifier, calibration } = partsOfExplainer(explainer);
    if (!('trees' in classifier)) throw new TypeError('expected trees');
    const expected = calibrateAll(calibration, treeLogOdds(classifier, encode(encoder, rows)));

    const answers = await answerInstances(model, rows, { explain: false });

    expect(
      largestDifference(
        expected,
        answers.map(({ probability }) => probability),
      ),
    ).toBeLessThan(1e-5);
  });

  it('explains every row so that base value and contributions add up to its log-odds, to 1e-6', async () => {
    const answers = await answerInstances(model, rows.slice(0, 500), { explain: true });

    const deviations = answers.map(({ explanation }) => {
      const sum = Object.values(explanation!.contributions).reduce((a, b) => a + b, explanation!.base_value);
      return Math.abs(sum - explanation!.log_odds);
    });
    expect(Math.max(...deviations)).toBeLessThan(1e-6);
  });

  it('tells customers apart nearly as well as who knows the process, and no better', async () => {
    const answers = await answerInstances(model, rows, { explain: false });
    const aucOf = (probabilities: number[]) => rocAuc(rankProbabilities({ labels, probabilities }))!;

    const [attained, attainable] = [
      aucOf(answers.map(({ probability }) => probability)),
      aucOf(customers.map(({ probability }) => probability)),
    ];

    expect(attained).toBeGreaterThan(attainable - 0.01);
    expect(attained).toBeLessThan(attainable + 0.005);
  });

  it('does not look at what its table leaves out', async () => {
    const [{ gender: _, ...customer }] = rows as [(typeof rows)[number]];
    const genders = ['Female', 'Male'].map((gender) => ({ ...customer, gender }));

    const [first, second] = await answerInstances(model, genders, { explain: false });

    expect(first!.probability).toBe(second!.probability);
  });

  it('weighs less than 300 kB', () => {
    expect(manifest.weights.bytes + manifest.explainer.bytes).toBeLessThan(300_000);
  });
});
