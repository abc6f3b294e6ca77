import * as z from 'zod';
import { limits } from './limits.ts';
import { goldenSchema, modelManifestSchema, modelVersionViewSchema } from './model.ts';
import { modelNameSchema, modelVersionSchema } from './prediction.ts';

/** The names under which versions serve; a name belongs to one version at a time. */
export const aliasesSchema = z
  .object({
    champion: modelVersionSchema.meta({ description: 'answers' }),
    challenger: modelVersionSchema.optional().meta({ description: 'answers a percent of the users' }),
    shadow: modelVersionSchema.optional().meta({ description: 'answers copies that nobody is shown' }),
    previous: modelVersionSchema.optional().meta({ description: 'the champion before; a rollback brings it back' }),
  })
  .meta({ id: 'Aliases' });
export type Aliases = z.infer<typeof aliasesSchema>;

/** percent of the users whose requests the challenger answers */
const challengerPercent = z.int().min(0).max(limits.registry.maxChallengerPercent);

/** What serves a tenant's requests for a model. One item holds it all, so that aliases move together or not at all. */
export const aliasStateSchema = z
  .object({
    model: modelNameSchema,
    aliases: aliasesSchema,
    challenger_percent: challengerPercent,
    revision: z.int().min(0).meta({ description: 'one more with every move; the ETag, in quotes' }),
    updated_at: z.iso.datetime().optional(),
    updated_by: z.string().optional(),
  })
  .meta({ id: 'AliasState' });
export type AliasState = z.infer<typeof aliasStateSchema>;

const reason = z.string().min(1).max(500).optional();

export const promoteRequestSchema = z
  .strictObject({
    version: modelVersionSchema,
    alias: z.enum(['champion', 'challenger', 'shadow']).default('champion'),
    challenger_percent: challengerPercent.min(1).optional().meta({ description: 'of a challenger; 10 where absent' }),
    reason,
  })
  .meta({ id: 'PromoteRequest' });
export type PromoteRequest = z.infer<typeof promoteRequestSchema>;

export const rollbackRequestSchema = z.strictObject({ reason }).meta({ id: 'RollbackRequest' });

/** Uploaded before through the forms of `POST /v1/uploads`: keys in the inbox bucket. */
export const registerRequestSchema = z
  .strictObject({
    weights: z.string().min(1).max(1024).meta({ description: 'key of the .onnx file' }),
    manifest: z
      .string()
      .min(1)
      .max(1024)
      .meta({ description: 'key of the model.json; its version is given by the registry' }),
    golden: z
      .string()
      .min(1)
      .max(1024)
      .meta({ description: 'key of the golden.json whose cases the model has to answer' }),
    files: z.record(z.string(), z.string().min(1).max(1024)).default({}).meta({
      description: 'keys of the other files that the manifest names, by those names: the explainer of a tabular model',
    }),
    notes: z.string().max(2000).optional(),
  })
  .meta({ id: 'RegisterRequest' });
export type RegisterRequest = z.infer<typeof registerRequestSchema>;

/** A figure with what it might as well have been: a 95 % interval where one was computed. */
export const metricSchema = z
  .object({ value: z.number(), low: z.number().optional(), high: z.number().optional() })
  .meta({ id: 'Metric' });
export type Metric = z.infer<typeof metricSchema>;
export const metricsSchema = z.record(z.string(), metricSchema);

/** How a version came to be. */
export const lineageSchema = z
  .object({
    origin: z.enum(['image', 'registered', 'trained']).meta({ description: '`image`: it came with the deployment' }),
    run_id: z.uuid().optional(),
    /** the version whose backbone or parameters it starts from */
    parent_version: modelVersionSchema.optional(),
    /** SHA-256 of the canonical rows it was trained on */
    dataset_sha256: z.string().optional(),
    dataset_rows: z.int().optional(),
    feedback_count: z.int().optional(),
    code_revision: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    metrics: metricsSchema.optional(),
  })
  .meta({ id: 'Lineage' });
export type Lineage = z.infer<typeof lineageSchema>;

/** A version as the registry keeps it; its files lie in the models bucket under `modelFolderKey`. */
export const versionRecordSchema = z.object({
  tenant_id: z.string(),
  manifest: modelManifestSchema,
  lineage: lineageSchema,
  registered_at: z.iso.datetime(),
  registered_by: z.string(),
  notes: z.string().optional(),
});
export type VersionRecord = z.infer<typeof versionRecordSchema>;

export const modelVersionDetailSchema = modelVersionViewSchema
  .extend({
    lineage: lineageSchema,
    card: z.string().meta({ description: 'the model card, Markdown' }),
    registered_at: z.iso.datetime().optional(),
    registered_by: z.string().optional(),
    notes: z.string().optional(),
  })
  .meta({ id: 'ModelVersionDetail' });
export type ModelVersionDetail = z.infer<typeof modelVersionDetailSchema>;

/** One line of the audit: written with the move that it tells of, or not at all. */
export const auditRecordSchema = z
  .object({
    audit_id: z.uuid(),
    model: modelNameSchema,
    action: z.enum(['register', 'promote', 'rollback', 'withdraw']),
    version: modelVersionSchema,
    before: aliasesSchema.optional(),
    after: aliasesSchema.optional(),
    revision: z.int().optional(),
    reason: z.string().optional(),
    /** a user, or `training` for the pipeline's own policy */
    by: z.string(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'AuditRecord' });
export type AuditRecord = z.infer<typeof auditRecordSchema>;

export const auditPageSchema = z
  .object({ items: z.array(auditRecordSchema), next_cursor: z.string().optional() })
  .meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof auditPageSchema>;

export const modelPathSchema = z.object({ model: modelNameSchema });
export const modelVersionPathSchema = modelPathSchema.extend({ version: modelVersionSchema });

export const aliasPathSchema = modelPathSchema.extend({ alias: z.enum(['challenger', 'shadow']) });

export const auditQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(limits.maxPageSize).default(limits.defaultPageSize),
  next_cursor: z.string().min(1).max(512).optional().meta({ description: 'as the page before handed it out' }),
});

/** The headers of a conditional move (RFC 9110). */
export const IF_MATCH_HEADER = 'if-match';
export const ETAG_HEADER = 'etag';

/** What aliases are told apart by; a move names the one that it is based on. */
export const etagOf = ({ revision }: Pick<AliasState, 'revision'>): string => `"${revision}"`;

/** What the verifying function is asked: a candidate whose weights it may fetch, and nothing else in the account. */
export const verifyRequestSchema = z.object({
  manifest: modelManifestSchema,
  golden: goldenSchema,
  weights_url: z.url(),
  /** of the files that the manifest names beside the weights */
  file_urls: z.record(z.string(), z.url()).default({}),
});
export type VerifyRequest = z.infer<typeof verifyRequestSchema>;

/** What it found. */
export const verdictSchema = z.discriminatedUnion('accepted', [
  z.object({ accepted: z.literal(true), sha256: z.string(), bytes: z.int().positive() }),
  z.object({ accepted: z.literal(false), reasons: z.array(z.string()).min(1) }),
]);
export type Verdict = z.infer<typeof verdictSchema>;

/** Where the files of a version lie in the models bucket: a model folder, as under `models/`. */
export const modelFolderKey = (tenantId: string, model: string, version: string): string =>
  `models/${tenantId}/${model}/${version}/`;

/** The files of a model folder beside its weights, on disk and in the bucket. */
export const modelFiles = { manifest: 'model.json', golden: 'golden.json', card: 'README.md' } as const;
