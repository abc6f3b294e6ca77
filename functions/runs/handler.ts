import { now } from '@kilat/adapters/clock';
import { objectStore } from '@kilat/adapters/object-store';
import { quotaPorts } from '@kilat/adapters/quota-ports';
import { runStore } from '@kilat/adapters/run-store';
import { linkArtefact, listRuns, quotaOf, showRun } from '@kilat/core';
import { http, observe, readEnv } from '@kilat/lambda';

const env = readEnv('runs');
const runs = runStore(env.RUNS_TABLE, now);
const { link } = objectStore(env.MODELS_BUCKET);

export const handler = http<'runs'>(
  observe('runs'),
  {
    listRuns: ({ identity, query }) => listRuns(runs, identity, query),
    getRun: ({ identity, params }) => showRun(runs, identity, params.run_id),
    runArtefact: ({ identity, params }) => linkArtefact({ runs, link, now }, identity, params),
  },
  quotaOf(quotaPorts(env)),
);
