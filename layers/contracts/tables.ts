/** Key names of the history table: one item per prediction, named by its owner and its time-ordered id. */
export const historyTable = {
  /** `<tenant>#<user>` */
  partitionKey: 'owner',
  /** a UUIDv7: sorts by the time it was made */
  sortKey: 'prediction_id',
  /** epoch seconds after which DynamoDB forgets the item */
  timeToLive: 'expires_at',
  byTenant: { indexName: 'by-tenant', partitionKey: 'tenant_id', sortKey: 'prediction_id' },
} as const;
