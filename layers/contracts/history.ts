import * as z from 'zod';
import { limits } from './limits.ts';
import { modelNameSchema, predictionRecordSchema, predictionSources } from './prediction.ts';

const instant = z.iso
  .datetime({ offset: true, error: 'expected an ISO 8601 date and time, such as 2026-11-20T09:30:00Z' })
  .meta({ examples: ['2026-11-20T09:30:00Z'] });

/** Filters are joined by "and"; the newest prediction comes first. */
export const historyQuerySchema = z.object({
  model: modelNameSchema.optional(),
  label: z.string().min(1).max(256).optional(),
  source: z.enum(predictionSources).optional(),
  from: instant.optional().meta({ description: 'made at this time or later' }),
  to: instant.optional().meta({ description: 'made before this time' }),
  limit: z.coerce.number().int().min(1).max(limits.maxPageSize).default(limits.defaultPageSize),
  next_cursor: z.string().min(1).max(512).optional().meta({ description: 'as the page before handed it out' }),
});
export type HistoryQuery = z.infer<typeof historyQuerySchema>;

export const historyPageSchema = z
  .object({
    items: z.array(predictionRecordSchema),
    next_cursor: z.string().optional().meta({ description: 'absent on the last page' }),
  })
  .meta({ id: 'HistoryPage' });
export type HistoryPage = z.infer<typeof historyPageSchema>;

export const predictionPathSchema = z.object({ prediction_id: z.uuid() });
