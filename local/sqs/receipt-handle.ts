import { SqsError } from './errors.ts';

/** What a receipt handle says: which message it was for, and by which receive. */
export interface Receipt {
  readonly queue: string;
  readonly seq: number;
  readonly receipt: string;
}

export const encodeReceiptHandle = ({ queue, seq, receipt }: Receipt): string =>
  Buffer.from(`${queue}:${seq}:${receipt}`).toString('base64');

/** @throws {SqsError} ReceiptHandleIsInvalid, for what this queue has never given out */
export function decodeReceiptHandle(handle: string, queue: string): Receipt {
  const [name, seq, receipt] = Buffer.from(handle, 'base64').toString().split(':');
  if (name === queue && seq && /^\d+$/.test(seq) && receipt) return { queue, seq: Number(seq), receipt };
  throw new SqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
}
