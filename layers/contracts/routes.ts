import * as z from 'zod';
import { healthSchema, liveSchema, readySchema } from './health.ts';
import { historyPageSchema, historyQuerySchema, predictionPathSchema } from './history.ts';
import {
  jobPageSchema,
  jobPathSchema,
  jobRequestSchema,
  jobResultSchema,
  jobSchema,
  jobsQuerySchema,
  webhookSecretSchema,
} from './jobs.ts';
import { modelRoutes } from './model-routes.ts';
import { predictionRecordSchema, predictQuerySchema, predictResponseSchema } from './prediction.ts';
import type { Route } from './route.ts';
import { runRoutes } from './run-routes.ts';
import { instancesResponseSchema } from './tabular.ts';
import { uploadsRequestSchema, uploadsSchema } from './uploads.ts';
import { usageQuerySchema, usageSchema } from './usage.ts';

export const routes = {
  predict: {
    method: 'POST',
    path: '/v1/predict',
    function: 'predict',
    access: 'token',
    tag: 'predictions',
    summary: 'Classify a photo, or predict rows of a table',
    query: predictQuerySchema,
    body: 'prediction',
    response: z.union([predictResponseSchema, instancesResponseSchema]),
    predicts: true,
    problems: [
      'malformed-request',
      'model-not-found',
      'payload-too-large',
      'image-too-large',
      'unsupported-media-type',
      'unsupported-image-format',
      'undecodable-image',
      'image-too-many-pixels',
      'image-url-not-allowed',
      'image-url-unreachable',
      'wrong-task',
      'invalid-instances',
      'store-unavailable',
    ],
  },
  listHistory: {
    method: 'GET',
    path: '/v1/history',
    function: 'history',
    access: 'token',
    tag: 'predictions',
    summary: 'List predictions: your own, or as an admin your tenant’s',
    query: historyQuerySchema,
    response: historyPageSchema,
    problems: ['store-unavailable'],
  },
  getPrediction: {
    method: 'GET',
    path: '/v1/history/{prediction_id}',
    function: 'history',
    access: 'token',
    tag: 'predictions',
    summary: 'Show one prediction',
    params: predictionPathSchema,
    response: predictionRecordSchema,
    problems: ['prediction-not-found', 'store-unavailable'],
  },
  submitJob: {
    method: 'POST',
    path: '/v1/jobs/predict',
    function: 'jobs',
    access: 'token',
    tag: 'jobs',
    summary: 'Have many photos classified, or many rows of a table predicted',
    body: jobRequestSchema,
    response: jobSchema,
    status: 202,
    problems: [
      'model-not-found',
      'payload-too-large',
      'idempotency-key-in-use',
      'idempotency-key-reused',
      'webhook-url-not-allowed',
      'wrong-task',
      'store-unavailable',
    ],
  },
  listJobs: {
    method: 'GET',
    path: '/v1/jobs',
    function: 'jobs',
    access: 'token',
    tag: 'jobs',
    summary: 'List jobs: your own, or as an admin your tenant’s',
    query: jobsQuerySchema,
    response: jobPageSchema,
    problems: ['store-unavailable'],
  },
  getJob: {
    method: 'GET',
    path: '/v1/jobs/{job_id}',
    function: 'jobs',
    access: 'token',
    tag: 'jobs',
    summary: 'Show a job: its state, how far it is, and how long it will take',
    params: jobPathSchema,
    response: jobSchema,
    problems: ['job-not-found', 'store-unavailable'],
  },
  getJobResult: {
    method: 'GET',
    path: '/v1/jobs/{job_id}/result',
    function: 'jobs',
    access: 'token',
    tag: 'jobs',
    summary: 'Fetch what a job answered, by a link to the whole or page by page',
    params: jobPathSchema,
    query: jobsQuerySchema,
    response: jobResultSchema,
    problems: ['job-not-found', 'job-result-not-available', 'store-unavailable'],
  },
  cancelJob: {
    method: 'DELETE',
    path: '/v1/jobs/{job_id}',
    function: 'jobs',
    access: 'token',
    tag: 'jobs',
    summary: 'Cancel a job: what is done stays, and no more is begun',
    params: jobPathSchema,
    response: jobSchema,
    problems: ['job-not-found', 'job-has-ended', 'store-unavailable'],
  },
  createUploads: {
    method: 'POST',
    path: '/v1/uploads',
    function: 'jobs',
    access: 'token',
    tag: 'jobs',
    summary: 'Get forms through which photos or a manifest are uploaded',
    body: uploadsRequestSchema,
    response: uploadsSchema,
    problems: [],
  },
  webhookSecret: {
    method: 'GET',
    path: '/v1/webhooks/secret',
    function: 'jobs',
    access: 'token',
    tag: 'jobs',
    summary: 'Show the secret that signs what your tenant’s webhooks are told; for admins',
    response: webhookSecretSchema,
    problems: ['store-unavailable'],
  },
  ...modelRoutes,
  ...runRoutes,
  usage: {
    method: 'GET',
    path: '/v1/usage',
    function: 'usage',
    access: 'token',
    tag: 'usage',
    summary: 'Show an admin what the tenant has used, by day and user, and what its plan allows',
    query: usageQuerySchema,
    response: usageSchema,
    problems: [],
  },
  health: {
    method: 'GET',
    path: '/health',
    function: 'platform',
    access: 'public',
    tag: 'platform',
    summary: 'Show that the API answers, and its version',
    response: healthSchema,
    problems: [],
  },
  live: {
    method: 'GET',
    path: '/health/live',
    function: 'platform',
    access: 'public',
    tag: 'platform',
    summary: 'Show that the process answers',
    response: liveSchema,
    problems: [],
  },
  ready: {
    method: 'GET',
    path: '/health/ready',
    function: 'predict',
    access: 'public',
    tag: 'platform',
    summary: 'Ask the stores and run the model; 503 where one of them fails',
    response: readySchema,
    unavailable: readySchema,
    problems: [],
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    function: 'platform',
    access: 'public',
    tag: 'platform',
    summary: 'Show this document',
    response: z.looseObject({ openapi: z.string() }),
    problems: [],
  },
} as const satisfies Record<string, Route>;

export type OperationId = keyof typeof routes;

/** The key that API Gateway gives a route: `POST /v1/predict`. */
export const routeKey = (route: Pick<Route, 'method' | 'path'>): string => `${route.method} ${route.path}`;

/** What no route answers; goes to the platform function, which says so in a problem document. */
export const FALLBACK_ROUTE_KEY = '$default';

/** A header that callers may set to find their request in the logs; echoed with every answer. */
export const REQUEST_ID_HEADER = 'x-request-id';
export const REQUEST_ID_PATTERN = /^[\w.:-]{1,128}$/;
