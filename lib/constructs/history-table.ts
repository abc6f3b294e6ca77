import { historyTable } from '@kilat/contracts';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TenantTable, type TenantTableProps } from './tenant-table.ts';

/** One item per prediction, by user and, through an index, by tenant. */
export class HistoryTable extends TenantTable {
  constructor(scope: Construct, id: string, props: TenantTableProps) {
    super(scope, id, { ...props, keys: historyTable, indexes: [historyTable.byTenant] });
  }

  /**
   * Allows to add predictions, a photo's one or those of many rows, and to read none. BatchWriteItem may delete as well:
   * IAM knows no narrower right, and a transaction in its place would cost twice as much.
   */
  grantAdd(grantee: IGrantable): void {
    this.allow(grantee, 'PutItem', 'BatchWriteItem');
  }

  /** Allows to ask whether the table answers: reading one item that is not there is the cheapest call. */
  grantProbe(grantee: IGrantable): void {
    this.allow(grantee, 'GetItem');
  }

  /** Allows to show one item, and to page through those of a user or a tenant. */
  grantRead(grantee: IGrantable): void {
    this.allow(grantee, 'GetItem', 'Query');
    this.allowIndexQuery(grantee, historyTable.byTenant);
  }
}
