import type { Golden, Instance, TabularManifest } from '@kilat/contracts';
import type { GoldenResult, TaskRow } from '../task.ts';
import { answerInstances } from './answer.ts';
import { instanceChecker } from './check-instances.ts';
import { openTabularClassifier, type TabularClassifier } from './classifier.ts';

export const tabularClassification: TaskRow<TabularManifest, TabularClassifier> = {
  fault,
  open: openTabularClassifier,

  async probe(model) {
    await answerInstances(model, [blankRow(model.manifest)], { explain: true });
  },

  countCases: ({ instance_cases }) => instance_cases.length,
  runCases,
};

const OUTPUTS = ['probabilities', 'log_odds'];

function fault({ signature }: TabularManifest): string | undefined {
  const missing = OUTPUTS.find((output) => !signature.outputs.some(({ name }) => name === output));
  if (missing) return `it has no output '${missing}'`;
  const wrong = signature.inputs.find(({ datatype }) => datatype !== 'FP32' && datatype !== 'BYTES');
  return wrong && `its input '${wrong.name}' is ${wrong.datatype}; a column is FP32 or BYTES`;
}

/** Every value missing: no table need allow it, and every model has an answer. */
const blankRow = ({ table }: TabularManifest): Instance =>
  Object.fromEntries(table.columns.map(({ name }) => [name, null]));

async function runCases(model: TabularClassifier, golden: Golden): Promise<GoldenResult[]> {
  const { instance_cases: cases, instance_tolerance: tolerance } = golden;
  if (cases.length === 0) return [];
  const check = instanceChecker(model.manifest.table);
  const answers = await answerInstances(
    model,
    cases.map(({ instance }) => instance),
    { explain: false },
  );
  return cases.map(({ instance, probability }, index) => {
    const [refused] = check(instance).errors;
    const found = answers[index]!.probability;
    return {
      name: `instance ${index}`,
      expected: String(probability),
      found: refused ? `${refused.pointer}: ${refused.detail}` : String(found),
      deviation: refused ? Number.POSITIVE_INFINITY : Math.abs(found - probability),
      tolerance,
    };
  });
}
