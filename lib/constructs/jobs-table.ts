import { jobsTable } from '@kilat/contracts';
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface JobsTableProps {
  /** true: the table outlives its stack and refuses deletion */
  readonly retainData: boolean;
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** Jobs with their chunks, listed by owner and by tenant, and the idempotency keys of their requests. */
export class JobsTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { retainData }: JobsTableProps) {
    super(scope, id);
    const { partitionKey, sortKey, timeToLive, byOwner, byTenant } = jobsTable;
    this.table = new TableV2(this, 'Table', {
      partitionKey: text(partitionKey),
      sortKey: text(sortKey),
      timeToLiveAttribute: timeToLive,
      globalSecondaryIndexes: [byOwner, byTenant].map((index) => ({
        indexName: index.indexName,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
      })),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Allows to take jobs on, to list and to cancel them. */
  grantManage(grantee: IGrantable): void {
    this.#allow(grantee, 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query');
    const resourceArns = [jobsTable.byOwner, jobsTable.byTenant].map(
      ({ indexName }) => `${this.table.tableArn}/index/${indexName}`,
    );
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns });
  }

  /** Allows to take a job further, and to draw the secret of a tenant's webhooks. */
  grantAdvance(grantee: IGrantable): void {
    this.#allow(grantee, 'GetItem', 'PutItem', 'UpdateItem', 'Query');
  }

  /** Allows to work on chunks, and to note that they are done. */
  grantWork(grantee: IGrantable): void {
    this.#allow(grantee, 'GetItem', 'PutItem', 'UpdateItem');
  }

  #allow(grantee: IGrantable, ...operations: string[]): void {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }
}
