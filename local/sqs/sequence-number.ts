/** As SQS writes it: 20 digits, growing with every message. */
export const sequenceNumber = (seq: number): string => String(seq).padStart(20, '0');
