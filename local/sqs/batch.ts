import { AwsError } from '../aws-json.ts';
import { SqsError } from './errors.ts';

const MAX_ENTRIES = 10;

interface Entry {
  readonly Id: string;
}

/** @throws {SqsError} where the batch as a whole is refused, before any entry is looked at */
export function checkBatch<T extends Entry>(entries: readonly T[] | undefined): readonly T[] {
  if (!entries?.length) throw new SqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MAX_ENTRIES) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const { Id } of entries) {
    if (!/^[\w-]{1,80}$/.test(Id)) {
      throw new SqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (seen.has(Id)) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    seen.add(Id);
  }
  return entries;
}

/** Runs every entry on its own: one that is refused fails alone. */
export function eachEntry<T extends Entry>(entries: readonly T[], run: (entry: T) => object | undefined) {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.queryCode ?? error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
