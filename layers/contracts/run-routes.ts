import { modelPathSchema } from './registry.ts';
import type { Route } from './route.ts';
import {
  artefactPathSchema,
  artefactSchema,
  runPageSchema,
  runPathSchema,
  runSchema,
  runsQuerySchema,
  trainRequestSchema,
} from './runs.ts';

/** How models came to be. */
export const runRoutes = {
  trainModel: {
    method: 'POST',
    path: '/v1/models/{model}/train',
    function: 'training',
    access: 'token',
    tag: 'runs',
    summary: 'Train a model anew, on the data of a file or of the last run and on feedback; for admins',
    params: modelPathSchema,
    body: trainRequestSchema,
    response: runSchema,
    status: 202,
    problems: ['model-not-found', 'not-trainable', 'run-in-progress', 'source-not-found', 'store-unavailable'],
  },
  listRuns: {
    method: 'GET',
    path: '/v1/runs',
    function: 'runs',
    access: 'token',
    tag: 'runs',
    summary: 'List your tenant’s training runs, the newest first',
    query: runsQuerySchema,
    response: runPageSchema,
    problems: ['store-unavailable'],
  },
  getRun: {
    method: 'GET',
    path: '/v1/runs/{run_id}',
    function: 'runs',
    access: 'token',
    tag: 'runs',
    summary: 'Show a training run: how far it is, what it tried, what came of it and why',
    params: runPathSchema,
    response: runSchema,
    problems: ['run-not-found', 'store-unavailable'],
  },
  runArtefact: {
    method: 'GET',
    path: '/v1/runs/{run_id}/artefacts/{name}',
    function: 'runs',
    access: 'token',
    tag: 'runs',
    summary: 'Get a link to a file of a run, such as roc.svg or report.html; for admins',
    params: artefactPathSchema,
    response: artefactSchema,
    problems: ['run-not-found', 'artefact-not-found', 'store-unavailable'],
  },
} as const satisfies Record<string, Route>;
