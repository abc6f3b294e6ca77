import {
  type Artefact,
  type Identity,
  limits,
  type Run,
  type RunPage,
  type RunsQuery,
  runFolderKey,
} from '@kilat/contracts';
import { ArtefactNotFoundError, RunNotFoundError } from '../errors.ts';
import { decodeCursor, encodeCursor } from '../prediction-id.ts';
import { assertAdmin } from '../tenancy.ts';
import type { RunStore } from '../training/index.ts';

type RunReader = Pick<RunStore, 'find' | 'select'>;

/**
 * The newest first. Every user of the tenant may see its runs, as they may see its versions and how those came to be.
 * @throws {InvalidRequestError} when the cursor is not one of ours
 */
export async function listRuns(runs: RunReader, { tenantId }: Identity, query: RunsQuery): Promise<RunPage> {
  const { model, limit, next_cursor } = query;
  const before = next_cursor && decodeCursor(next_cursor);
  const { runs: items, last } = await runs.select({ tenantId, model, limit, ...(before && { before }) });
  return { items, ...(last && { next_cursor: encodeCursor(last) }) };
}

/** @throws {RunNotFoundError} when there is none, or it is another tenant's */
export async function showRun(runs: RunReader, { tenantId }: Identity, runId: string): Promise<Run> {
  const run = await runs.find({ tenantId, runId });
  if (!run) throw new RunNotFoundError(runId);
  return run;
}

export interface ArtefactPorts {
  readonly runs: RunReader;
  /** A link through which an object of the models bucket can be read for so many seconds. */
  readonly link: (key: string, seconds: number) => Promise<string>;
  /** epoch milliseconds */
  readonly now: () => number;
}

/**
 * A link to a file of a run. For admins: among the files are some that were made of the rows themselves.
 * @throws {ForbiddenError} when the caller is no admin
 * @throws {RunNotFoundError | ArtefactNotFoundError}
 */
export async function linkArtefact(
  { runs, link, now }: ArtefactPorts,
  identity: Identity,
  { run_id, name }: { readonly run_id: string; readonly name: string },
): Promise<Artefact> {
  assertAdmin(identity);
  const run = await showRun(runs, identity, run_id);
  if (!run.artefacts.includes(name)) throw new ArtefactNotFoundError(run_id, name);
  const seconds = limits.runs.artefactUrlSeconds;
  return {
    url: await link(runFolderKey(identity.tenantId, run.model, run_id) + name, seconds),
    url_expires_at: new Date(now() + seconds * 1000).toISOString(),
  };
}
