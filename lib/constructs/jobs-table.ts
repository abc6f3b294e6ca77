import { jobsTable } from '@kilat/contracts';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TenantTable, type TenantTableProps } from './tenant-table.ts';

/** Jobs with their chunks, listed by owner and by tenant, and the idempotency keys of their requests. */
export class JobsTable extends TenantTable {
  constructor(scope: Construct, id: string, props: TenantTableProps) {
    super(scope, id, { ...props, keys: jobsTable, indexes: [jobsTable.byOwner, jobsTable.byTenant] });
  }

  /** Allows to take jobs on, to list and to cancel them. */
  grantManage(grantee: IGrantable): void {
    this.allow(grantee, 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query');
    this.allowIndexQuery(grantee, jobsTable.byOwner, jobsTable.byTenant);
  }

  /** Allows to take a job further, and to draw the secret of a tenant's webhooks. */
  grantAdvance(grantee: IGrantable): void {
    this.allow(grantee, 'GetItem', 'PutItem', 'UpdateItem', 'Query');
  }

  /** Allows to work on chunks, and to note that they are done. */
  grantWork(grantee: IGrantable): void {
    this.allow(grantee, 'GetItem', 'PutItem', 'UpdateItem');
  }
}
