import * as z from 'zod';
import { modelVersionSchema, predictionRecordSchema } from './prediction.ts';

const jobRef = z.object({ tenant_id: z.string().min(1), job_id: z.uuid() });

/** On the control queue: the steps of a job that are no inference. */
export const controlMessageSchema = jobRef.extend({ step: z.enum(['plan', 'finish', 'notify']) });
export type ControlMessage = z.infer<typeof controlMessageSchema>;

/** On the batch queue: some items of a job, as bytes of its plan. */
export const chunkMessageSchema = jobRef.extend({
  chunk: z.int().min(0),
  /** index of the first item */
  first_index: z.int().min(0),
  /** the chunk's first byte in the plan, and the first that is no longer its own */
  from_byte: z.int().min(0),
  to_byte: z.int().min(1),
});
export type ChunkMessage = z.infer<typeof chunkMessageSchema>;

const dropSchema = z.object({
  eventTime: z.string(),
  s3: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      /** encoded as in a form: a space is a `+` */
      key: z.string(),
      versionId: z.string().optional(),
    }),
  }),
});

/** On the batch queue too: what S3 tells of objects in the inbox. Its test message at deployment has no records. */
export const dropMessageSchema = z.union([
  z.object({ Records: z.array(dropSchema).min(1) }),
  z.object({ Event: z.literal('s3:TestEvent') }).transform(() => ({ Records: [] })),
]);
export type DropMessage = z.infer<typeof dropMessageSchema>;

/** On the batch queue as well: what a shadow answers once more, for comparison alone. */
export const shadowMessageSchema = z.object({
  tenant_id: z.string().min(1),
  /** the version that answers the copy */
  shadow_version: modelVersionSchema,
  /** of an image model, of whose predictions there is one */
  photo_key: z.string().min(1).optional(),
  /** what the caller was answered; of a tabular model's, each holds its row */
  answered: z.array(predictionRecordSchema).min(1),
});
export type ShadowMessage = z.infer<typeof shadowMessageSchema>;

export const batchMessageSchema = z.union([chunkMessageSchema, shadowMessageSchema, dropMessageSchema]);
export type BatchMessage = z.infer<typeof batchMessageSchema>;
