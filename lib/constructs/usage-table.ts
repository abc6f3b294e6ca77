import { type QuotaSettings, usageTable } from '@kilat/contracts';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { CountingFunction } from './kilat-function.ts';
import { TenantTable, type TenantTableProps } from './tenant-table.ts';

export interface UsageTableProps extends TenantTableProps {
  /** the plans that functions hold their callers to */
  readonly quotas: QuotaSettings;
}

/** What each tenant uses by day, and its plan. */
export class UsageTable extends TenantTable {
  readonly #quotas: QuotaSettings;

  constructor(scope: Construct, id: string, { quotas, ...props }: UsageTableProps) {
    super(scope, id, { ...props, keys: usageTable });
    this.#quotas = quotas;
  }

  /** Has a function count what its callers use, up to the plans of the stage. */
  limit(fn: CountingFunction): void {
    fn.use('QUOTAS', JSON.stringify(this.#quotas)).use('USAGE_TABLE', this.table.tableName, (grantee) =>
      this.allow(grantee, 'GetItem', 'UpdateItem'),
    );
  }

  /** Allows to page through the days of a tenant. */
  grantReport(grantee: IGrantable): void {
    this.allow(grantee, 'Query');
  }
}
