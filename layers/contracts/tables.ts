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

/** Key names of the jobs table: per job one item for itself and one for each chunk; idempotency keys lie beside them. */
export const jobsTable = {
  /** `<tenant>#<job id>` */
  partitionKey: 'job',
  /** `job`, `chunk#000012` or `idempotency` */
  sortKey: 'part',
  /** epoch seconds after which DynamoDB forgets the item */
  timeToLive: 'expires_at',
  byOwner: { indexName: 'by-owner', partitionKey: 'owner', sortKey: 'job_id' },
  byTenant: { indexName: 'by-tenant', partitionKey: 'tenant_id', sortKey: 'job_id' },
} as const;

/** Where things lie in the inbox bucket; the part after is the tenant in each case. */
export const inboxFolders = {
  /** what is put here is classified at once: `inbox/<tenant>/<model>/…` */
  inbox: 'inbox/',
  results: 'results/',
  rejected: 'rejected/',
  /** through the forms of the API: `uploads/<tenant>/<user>/…` */
  uploads: 'uploads/',
  /** for jobs, put here by other means */
  sources: 'sources/',
} as const;

/** Key names of the usage table: per tenant its plan, and one item a day that counts what is used. */
export const usageTable = {
  partitionKey: 'tenant_id',
  /** `plan`, or `day#2026-11-20` */
  sortKey: 'entry',
  /** epoch seconds after which DynamoDB forgets the item */
  timeToLive: 'expires_at',
  planEntry: 'plan',
  dayPrefix: 'day#',
} as const;

/** Key names of the registry table: a tenant's aliases, versions, and who moved what when. */
export const registryTable = {
  partitionKey: 'tenant_id',
  /** `state#<model>`, `version#<model>#000000012`, `counter#<model>` or `audit#<model>#<UUIDv7>` */
  sortKey: 'entry',
  statePrefix: 'state#',
  versionPrefix: 'version#',
  counterPrefix: 'counter#',
  auditPrefix: 'audit#',
} as const;

/** Key names of the feedback table: the last word of each user on a prediction, and every word before it. */
export const feedbackTable = {
  /** `<tenant>#<model>` */
  partitionKey: 'tenant_model',
  /** `<prediction id>#<user>`, and `<prediction id>#<user>#000003` for what it said before */
  sortKey: 'entry',
} as const;

/** Key names of the runs table. */
export const runsTable = {
  partitionKey: 'tenant_id',
  /** a UUIDv7: sorts by the time it was made; or `lock#<model>`, held by the run that is under way */
  sortKey: 'run_id',
  lockPrefix: 'lock#',
  byModel: { indexName: 'by-model', partitionKey: 'tenant_model', sortKey: 'run_id' },
} as const;
