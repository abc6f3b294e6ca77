import * as z from 'zod';
import { modelNameSchema, modelVersionSchema } from './prediction.ts';

/** What a user knows better: the right label, or that the model's is wrong. */
export const feedbackRequestSchema = z
  .strictObject({
    prediction_id: z.uuid(),
    label: z.string().min(1).max(200).optional().meta({ description: 'the right one' }),
    correct: z.boolean().optional().meta({ description: 'whether the answered label is right' }),
    comment: z.string().max(1000).optional(),
  })
  .refine(({ label, correct }) => label !== undefined || correct !== undefined, {
    error: 'expected "label", "correct" or both',
  })
  .meta({ id: 'FeedbackRequest' });
export type FeedbackRequest = z.infer<typeof feedbackRequestSchema>;

export const feedbackSchema = z
  .object({
    prediction_id: z.uuid(),
    user_id: z.string(),
    model: modelNameSchema,
    model_version: modelVersionSchema,
    predicted_label: z.string(),
    label: z.string().optional().meta({ description: 'absent where only the answer is known to be wrong' }),
    correct: z.boolean(),
    comment: z.string().optional(),
    revision: z.int().min(1).meta({ description: 'how often it was given; every one is kept in the audit' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Feedback' });
export type Feedback = z.infer<typeof feedbackSchema>;
