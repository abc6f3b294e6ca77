import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface TenantTableProps {
  /** true: the table outlives its stack and refuses deletion */
  readonly retainData: boolean;
}

interface Keys {
  readonly partitionKey: string;
  readonly sortKey: string;
}

interface Index extends Keys {
  readonly indexName: string;
}

export interface TenantTableSettings extends TenantTableProps {
  /** without `timeToLive`, nothing is forgotten */
  readonly keys: Keys & { readonly timeToLive?: string };
  /** @default - none */
  readonly indexes?: readonly Index[];
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

const textKeys = ({ partitionKey, sortKey }: Keys) => ({ partitionKey: text(partitionKey), sortKey: text(sortKey) });

/** A table whose keys hold the tenant's id: paid by request, recoverable to any second. */
export abstract class TenantTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { keys, indexes = [], retainData }: TenantTableSettings) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      ...textKeys(keys),
      ...(keys.timeToLive && { timeToLiveAttribute: keys.timeToLive }),
      globalSecondaryIndexes: indexes.map((index) => ({ indexName: index.indexName, ...textKeys(index) })),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** @param operations as DynamoDB calls them, such as `GetItem` */
  protected allow(grantee: IGrantable, ...operations: string[]): void {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }

  protected allowIndexQuery(grantee: IGrantable, ...indexes: Index[]): void {
    const resourceArns = indexes.map(({ indexName }) => `${this.table.tableArn}/index/${indexName}`);
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns });
  }
}
