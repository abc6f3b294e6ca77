import type { PredictResponse } from '@kilat/contracts';
import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/client.ts';
import { inOrder } from '../concurrency.ts';
import { CliError } from '../errors.ts';
import { FileError, readImage } from '../files.ts';

/** As many as a browser would send at a time. */
const CONCURRENCY = 4;

export interface PredictQuery {
  readonly model?: string | undefined;
  readonly top_k?: number | undefined;
}

/** What is wrong with one file, with the members of a problem document that are known. */
export interface FileProblem {
  readonly code?: string | undefined;
  readonly status?: number;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly request_id?: string | undefined;
}

export interface RefusedFile {
  readonly file: string;
  readonly error: CliError;
}

export type AnsweredFile = { readonly file: string } & PredictResponse;
export type PredictedFile = AnsweredFile | RefusedFile;

/**
 * Predicts file by file, several at a time, in the order of the files.
 * @throws {CliError} when it shows at once that none will be answered: no API, no token
 */
export function predictFiles(api: Api, files: readonly string[], query: PredictQuery): AsyncGenerator<PredictedFile> {
  let isAnswering = false;
  return inOrder(files, CONCURRENCY, async (file): Promise<PredictedFile> => {
    try {
      const prediction = await api('predict', { query, body: await readImage(file) });
      if (!('prediction_id' in prediction)) throw new CliError(`'${prediction.model}' answers rows, and no photos`);
      isAnswering = true;
      return { file, ...prediction };
    } catch (error) {
      if (!(error instanceof CliError) || !(isAnswering || isOfFile(error))) throw error;
      return { file, error };
    }
  });
}

const isOfFile = (error: CliError): boolean =>
  error instanceof FileError || (error instanceof ApiError && error.refusal.status !== 401);

export function problemOf(error: CliError): FileProblem {
  if (error instanceof ApiError) {
    const { code, status, title, detail, request_id } = error.refusal;
    return { code, status, title, detail, request_id };
  }
  return { ...(error instanceof FileError && { code: error.code }), title: error.message };
}
