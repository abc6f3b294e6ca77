import { registryTable } from '@kilat/contracts';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TenantTable, type TenantTableProps } from './tenant-table.ts';

/** Versions of each tenant's models, the aliases under which they serve, and the audit of every move. Nothing expires. */
export class RegistryTable extends TenantTable {
  constructor(scope: Construct, id: string, props: TenantTableProps) {
    super(scope, id, { ...props, keys: registryTable });
  }

  /** Allows to see what serves. */
  grantResolve(grantee: IGrantable): void {
    this.allow(grantee, 'GetItem');
  }

  /** Allows to list and add versions, to move aliases and to read the audit. */
  grantManage(grantee: IGrantable): void {
    this.allow(grantee, 'GetItem', 'Query', 'PutItem', 'UpdateItem');
  }
}
