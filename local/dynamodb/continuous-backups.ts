import type { TableSettings } from './table-settings.ts';
import type { Tables } from './tables.ts';

interface UpdateContinuousBackupsInput {
  readonly TableName: string;
  readonly PointInTimeRecoverySpecification: {
    readonly PointInTimeRecoveryEnabled: boolean;
    readonly RecoveryPeriodInDays?: number;
  };
}

/** Point-in-time recovery, as far as a template declares it: the setting is kept, nothing can be restored. */
export class ContinuousBackups {
  readonly #tables: Tables;
  readonly #settings: TableSettings;

  constructor(tables: Tables, settings: TableSettings) {
    this.#tables = tables;
    this.#settings = settings;
  }

  async update({ TableName, PointInTimeRecoverySpecification }: UpdateContinuousBackupsInput): Promise<object> {
    const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays = 35 } = PointInTimeRecoverySpecification;
    await this.#tables.describe(TableName);
    this.#settings.change(TableName, { recoveryDays: PointInTimeRecoveryEnabled ? RecoveryPeriodInDays : undefined });
    return this.describe({ TableName });
  }

  async describe({ TableName }: { readonly TableName: string }): Promise<object> {
    await this.#tables.describe(TableName);
    const { recoveryDays } = this.#settings.of(TableName);
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription:
          recoveryDays === undefined
            ? { PointInTimeRecoveryStatus: 'DISABLED' }
            : { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: recoveryDays },
      },
    };
  }
}
