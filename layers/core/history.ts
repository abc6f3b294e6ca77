import type { HistoryPage, HistoryQuery, Identity, PredictionRecord } from '@kilat/contracts';
import { PredictionNotFoundError } from './errors.ts';
import { decodeCursor, encodeCursor, type IdRange, idRange } from './prediction-id.ts';

/** Whose predictions: one user's, or for an admin the whole tenant's. */
export interface HistoryScope {
  readonly tenantId: string;
  /** absent: everybody's in the tenant */
  readonly userId?: string;
}

/** What a prediction is kept with, beside what the API shows of it. */
export interface StoredPrediction {
  readonly tenantId: string;
  /** of an image */
  readonly photoKey?: string;
  readonly record: PredictionRecord;
}

export interface HistorySelection {
  readonly scope: HistoryScope;
  readonly range: IdRange;
  readonly filters: Readonly<Partial<Pick<PredictionRecord, 'model' | 'label' | 'source'>>>;
  readonly limit: number;
}

export interface HistoryStore {
  put(prediction: StoredPrediction): Promise<void>;
  /** Puts many. Rejects when one of them is not stored; the others may be by then. */
  putAll(predictions: readonly StoredPrediction[]): Promise<void>;
  /** @returns the newest matches first, at most `limit`; `last` is the id up to which was read, absent at the end */
  select(selection: HistorySelection): Promise<{ records: PredictionRecord[]; last?: string }>;
  find(scope: HistoryScope, predictionId: string): Promise<PredictionRecord | undefined>;
  /** Rejects when the store does not answer. */
  check(): Promise<void>;
}

/** Users see what is theirs, admins what is their tenant's. */
export const visibleTo = ({ tenantId, userId, isAdmin }: Identity): HistoryScope =>
  isAdmin ? { tenantId } : { tenantId, userId };

/** @throws {InvalidRequestError} when the cursor is not one of ours */
export async function listHistory(store: HistoryStore, identity: Identity, query: HistoryQuery): Promise<HistoryPage> {
  const { model, label, source, limit } = query;
  const range = rangeOf(query);
  if (range.from > range.to) return { items: [] };
  const { records, last } = await store.select({
    scope: visibleTo(identity),
    range,
    filters: { ...(model && { model }), ...(label && { label }), ...(source && { source }) },
    limit,
  });
  return { items: records, ...(last && { next_cursor: encodeCursor(last) }) };
}

/** A cursor moves the range's end to just before the prediction that it names. */
function rangeOf({ from, to, next_cursor }: HistoryQuery): IdRange {
  const range = idRange(from, to);
  if (!next_cursor) return range;
  const before = precedingId(decodeCursor(next_cursor));
  return { from: range.from, to: before < range.to ? before : range.to };
}

/** The greatest id smaller than this one. */
function precedingId(id: string): string {
  const previous = BigInt(`0x${id.replaceAll('-', '')}`) - 1n;
  const hex = previous.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** @throws {PredictionNotFoundError} when there is none, or it is another's */
export async function findPrediction(
  store: HistoryStore,
  identity: Identity,
  predictionId: string,
): Promise<PredictionRecord> {
  const record = await store.find(visibleTo(identity), predictionId);
  if (!record) throw new PredictionNotFoundError(predictionId);
  return record;
}
