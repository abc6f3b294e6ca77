import { runsTable } from '@kilat/contracts';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TenantTable, type TenantTableProps } from './tenant-table.ts';

/** Training runs of each tenant, listed by model too. Nothing expires: they tell how what serves came to be. */
export class RunsTable extends TenantTable {
  constructor(scope: Construct, id: string, props: TenantTableProps) {
    super(scope, id, { ...props, keys: runsTable, indexes: [runsTable.byModel] });
  }

  /** Allows to show and list runs. */
  grantRead(grantee: IGrantable): void {
    this.allow(grantee, 'GetItem', 'Query');
    this.allowIndexQuery(grantee, runsTable.byModel);
  }

  /** Allows to take runs on, and to look for the last of a model. */
  grantStart(grantee: IGrantable): void {
    this.allow(grantee, 'GetItem', 'PutItem', 'UpdateItem');
    this.allowIndexQuery(grantee, runsTable.byModel);
  }

  /** Allows to note how far a run is, and to let the next begin when it ends. */
  grantAdvance(grantee: IGrantable): void {
    this.allow(grantee, 'GetItem', 'UpdateItem');
    this.allowIndexQuery(grantee, runsTable.byModel);
  }
}
