import { type QuotaSettings, usageTable } from '@kilat/contracts';
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CountingFunction } from './kilat-function.ts';

export interface UsageTableProps {
  /** the plans that functions hold their callers to */
  readonly quotas: QuotaSettings;
  /** true: the table outlives its stack and refuses deletion */
  readonly retainData: boolean;
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** What each tenant uses by day, and its plan. */
export class UsageTable extends Construct {
  readonly table: TableV2;
  readonly #quotas: QuotaSettings;

  constructor(scope: Construct, id: string, { quotas, retainData }: UsageTableProps) {
    super(scope, id);
    this.#quotas = quotas;
    this.table = new TableV2(this, 'Table', {
      partitionKey: text(usageTable.partitionKey),
      sortKey: text(usageTable.sortKey),
      timeToLiveAttribute: usageTable.timeToLive,
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Has a function count what its callers use, up to the plans of the stage. */
  limit(fn: CountingFunction): void {
    fn.use('QUOTAS', JSON.stringify(this.#quotas)).use('USAGE_TABLE', this.table.tableName, (grantee) =>
      this.#allow(grantee, 'dynamodb:GetItem', 'dynamodb:UpdateItem'),
    );
  }

  /** Allows to page through the days of a tenant. */
  grantReport(grantee: IGrantable): void {
    this.#allow(grantee, 'dynamodb:Query');
  }

  #allow(grantee: IGrantable, ...actions: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }
}
