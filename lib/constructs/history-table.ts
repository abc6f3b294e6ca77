import { historyTable } from '@kilat/contracts';
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface HistoryTableProps {
  /** true: the table outlives its stack and refuses deletion */
  readonly retainData: boolean;
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** One item per prediction, by user and, through an index, by tenant. */
export class HistoryTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { retainData }: HistoryTableProps) {
    super(scope, id);
    const { partitionKey, sortKey, timeToLive, byTenant } = historyTable;
    this.table = new TableV2(this, 'Table', {
      partitionKey: text(partitionKey),
      sortKey: text(sortKey),
      timeToLiveAttribute: timeToLive,
      globalSecondaryIndexes: [
        {
          indexName: byTenant.indexName,
          partitionKey: text(byTenant.partitionKey),
          sortKey: text(byTenant.sortKey),
        },
      ],
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Allows to add predictions, and to read none. */
  grantAdd(grantee: IGrantable): void {
    this.#allow(grantee, 'dynamodb:PutItem');
  }

  /** Allows to ask whether the table answers: reading one item that is not there is the cheapest call. */
  grantProbe(grantee: IGrantable): void {
    this.#allow(grantee, 'dynamodb:GetItem');
  }

  /** Allows to show one item, and to page through those of a user or a tenant. */
  grantRead(grantee: IGrantable): void {
    this.#allow(grantee, 'dynamodb:GetItem', 'dynamodb:Query');
    const index = `${this.table.tableArn}/index/${historyTable.byTenant.indexName}`;
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: [index] });
  }

  #allow(grantee: IGrantable, ...actions: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }
}
