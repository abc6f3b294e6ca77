import { type Instance, type TabularManifest, type TensorSignature, tabularExplainerSchema } from '@kilat/contracts';
import { ModelUnusableError } from '../../errors.ts';
import type { Feed, Session } from '../session.ts';
import type { ArtefactFiles } from '../task.ts';
import { type ExplainRow, explainerOf } from './explain.ts';

/** What the graph says of each row; its names are the outputs' (`exportTabularModel`). */
export interface TabularOutputs {
  /** of the positive class, calibrated */
  readonly probabilities: Float32Array;
  /** of the positive class, not calibrated */
  readonly log_odds: Float32Array;
}

/** A model over the columns of a table whose weights are loaded. */
export interface TabularClassifier {
  readonly manifest: TabularManifest;
  /** @param rows in order with the manifest's table */
  run(rows: readonly Instance[]): Promise<TabularOutputs>;
  readonly explain: ExplainRow;
}

/** @throws {ModelUnusableError} when the explainer is missing, is none, or knows other columns than the table */
export function openTabularClassifier(
  manifest: TabularManifest,
  session: Session,
  files: ArtefactFiles,
): TabularClassifier {
  const { inputs } = manifest.signature;
  return {
    manifest,
    explain: readExplainer(manifest, files),
    async run(rows) {
      const { probabilities, log_odds } = await session.run(feedsOf(inputs, rows));
      return { probabilities: probabilities!, log_odds: log_odds! };
    },
  };
}

/** One tensor [N, 1] for each input: NaN is a missing number, the empty string a missing category. */
export const feedsOf = (inputs: readonly TensorSignature[], rows: readonly Instance[]): Record<string, Feed> =>
  Object.fromEntries(
    inputs.map(({ name, datatype }) => [
      name,
      {
        data:
          datatype === 'BYTES'
            ? rows.map((row) => String(row[name] ?? ''))
            : Float32Array.from(rows, (row) => Number(row[name] ?? Number.NaN)),
        shape: [rows.length, 1],
      },
    ]),
  );

function readExplainer(manifest: TabularManifest, files: ArtefactFiles): ExplainRow {
  const { name, explainer, table } = manifest;
  const bytes = files.get(explainer.file);
  if (!bytes) throw new ModelUnusableError(`'${name}' has no file '${explainer.file}'`);
  try {
    const parts = tabularExplainerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return explainerOf(parts, table);
  } catch (cause) {
    throw new ModelUnusableError(`'${explainer.file}' of '${name}' explains no model of this table`, { cause });
  }
}
