import type { Instance, InstanceWarning, PredictionRecord, PredictionSource } from '@kilat/contracts';
import { InvalidInstancesError, type PlatformError } from './errors.ts';
import type { KeepPorts, Owner } from './keep.ts';
import { instanceRecord, keepInstances } from './keep-instances.ts';
import { rowFromText } from './learning/table/text-cells.ts';
import { idOf } from './predict-instances.ts';
import type { Served, ServingRequest } from './serving/index.ts';
import { assertTabularClassifier, type LoadedModel } from './tasks/index.ts';
import {
  answerInstances,
  type InstanceAnswer,
  type InstanceFindings,
  instanceChecker,
} from './tasks/tabular-classification/index.ts';

export interface InstanceBatchPorts extends Pick<KeepPorts, 'history' | 'capture'> {
  readonly findModel: (request: ServingRequest) => Promise<Served<LoadedModel>>;
}

/** A row in the types of its columns, or as text that the model's table gives types. */
export type BatchRow = {
  /** whoever makes the prediction again gives it the same one */
  readonly predictionId: string;
} & ({ readonly instance: Instance } | { readonly texts: Readonly<Record<string, string>> });

export interface InstanceBatch {
  readonly identity: Owner;
  readonly requestId: string;
  readonly source: PredictionSource;
  readonly modelName: string;
  readonly explain: boolean;
  readonly rows: readonly BatchRow[];
}

export interface BatchAnswer extends InstanceAnswer {
  readonly record: PredictionRecord;
  readonly id?: string | number;
  readonly warnings: readonly Omit<InstanceWarning, 'index'>[];
}

/** One for each row: what is wrong with one is that row's affair. */
export type InstanceBatchPredict = (batch: InstanceBatch) => Promise<(BatchAnswer | PlatformError)[]>;

interface Checked extends InstanceFindings {
  readonly predictionId: string;
  readonly instance: Instance;
}

/**
 * Predicts rows for which nobody waits, in one run of the model, and keeps those that are as its table says.
 * @throws {ModelNotFoundError} @throws {WrongTaskError} @throws {StoreUnavailableError}
 */
export const instanceBatchPredict =
  (ports: InstanceBatchPorts): InstanceBatchPredict =>
  async (batch) => {
    const { identity, modelName, explain } = batch;
    const { model, alias } = await ports.findModel({ ...identity, model: modelName });
    assertTabularClassifier(model);
    const { table } = model.manifest;
    const check = instanceChecker(table);
    const rows = batch.rows.map((row): Checked => {
      const instance = 'texts' in row ? rowFromText(table, row.texts) : row.instance;
      return { predictionId: row.predictionId, instance, ...check(instance) };
    });
    const good = rows.filter(({ errors }) => errors.length === 0);
    const found = await answerInstances(
      model,
      good.map(({ instance }) => instance),
      { explain },
    );
    const answers = new Map(
      good.map((row, index): [Checked, BatchAnswer] => {
        const answer = found[index]!;
        const record = instanceRecord({ ...row, request: batch, model, answer });
        return [row, { ...answer, record, ...idOf(row.instance, table.id_column), warnings: row.warnings }];
      }),
    );
    const records = [...answers.values()].map(({ record }) => record);
    if (records.length > 0) await keepInstances(ports, { owner: identity, records, alias });
    return rows.map((row) => answers.get(row) ?? new InvalidInstancesError(row.errors));
  };
