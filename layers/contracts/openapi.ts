import * as z from 'zod';
import { IMAGE_FORM_FIELD, imageMediaTypes, imageReferenceSchema } from './image.ts';
import { limits } from './limits.ts';
import { quotaHeaderComponents, withQuotaHeaders } from './openapi-quota.ts';
import { PROBLEM_MEDIA_TYPE, type ProblemCode, problemSchema, problems } from './problem.ts';
import { IF_MATCH_HEADER } from './registry.ts';
import { type Route, tags } from './route.ts';
import { routes } from './routes.ts';
import { instancesRequestSchema } from './tabular.ts';

type Json = Record<string, unknown>;

export interface OpenApiOptions {
  readonly version: string;
  readonly serverUrl: string;
}

export type OpenApiDocument = Json & { readonly openapi: string };

/** The API as an OpenAPI 3.1 document, made from the very schemas that the handlers check requests with. */
export function openApiDocument({ version, serverUrl }: OpenApiOptions): OpenApiDocument {
  const schemas = new Schemas();
  const paths: Record<string, Json> = {};
  for (const [operationId, route] of Object.entries<Route>(routes)) {
    const path = paths[route.path] ?? {};
    path[route.method.toLowerCase()] = operation(operationId, route, schemas);
    paths[route.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kilat',
      version,
      summary: 'Machine-learning inference, serverless',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: serverUrl }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.all(),
      headers: quotaHeaderComponents,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

const successes = { 200: 'OK', 201: 'Created', 202: 'Accepted' } as const;

function operation(operationId: string, route: Route, schemas: Schemas): Json {
  return {
    operationId,
    summary: route.summary,
    tags: [route.tag],
    security: route.access === 'token' ? [{ token: [] }] : [],
    ...parameters(route, schemas),
    ...(route.body ? { requestBody: requestBody(route.body, schemas) } : {}),
    responses: withQuotaHeaders(route, {
      [route.status ?? 200]: jsonResponse(successes[route.status ?? 200], schemas.of(route.response, 'output')),
      ...refusals(route, schemas),
      ...(route.unavailable ? { 503: jsonResponse('unavailable', schemas.of(route.unavailable, 'output')) } : {}),
    }),
  };
}

function parameters(route: Route, schemas: Schemas): Json {
  const list = [
    ...named(route.params, 'path', schemas),
    ...named(route.query, 'query', schemas),
    ...(route.conditional ? [ifMatch] : []),
  ];
  return list.length > 0 ? { parameters: list } : {};
}

const ifMatch: Json = {
  name: IF_MATCH_HEADER,
  in: 'header',
  required: true,
  description: 'the ETag of the aliases that the move is based on',
  schema: { type: 'string', examples: ['"3"'] },
};

function named(object: z.ZodObject | undefined, where: 'path' | 'query', schemas: Schemas): Json[] {
  return Object.entries(object?.shape ?? {}).map(([name, member]) => {
    const { description, ...schema } = schemas.of(member as z.ZodType, 'input');
    return { name, in: where, required: where === 'path', ...(description ? { description } : {}), schema };
  });
}

const requestBody = (body: NonNullable<Route['body']>, schemas: Schemas): Json =>
  body === 'prediction'
    ? predictionBody(schemas)
    : { required: true, content: { 'application/json': { schema: schemas.of(body, 'input') } } };

function predictionBody(schemas: Schemas): Json {
  const bytes = { description: `the image itself, at most ${limits.maxImageBytes} bytes` };
  const form = {
    type: 'object',
    required: [IMAGE_FORM_FIELD],
    properties: { [IMAGE_FORM_FIELD]: { type: 'string', format: 'binary' } },
  };
  return {
    required: true,
    content: {
      'multipart/form-data': { schema: form },
      'application/json': { schema: schemas.of(z.union([imageReferenceSchema, instancesRequestSchema]), 'input') },
      ...Object.fromEntries(imageMediaTypes.map((mediaType) => [mediaType, { schema: bytes }])),
    },
  };
}

/**
 * Every operation may find too many requests or a fault; those with input a bad one; those with a token
 * a wrong one, or a quota that cannot be counted.
 */
function refusals(route: Route, schemas: Schemas): Record<string, Json> {
  const codes = new Set<ProblemCode>([
    ...(route.query || route.params || route.body ? (['invalid-request'] as const) : []),
    ...(typeof route.body === 'object' ? (['malformed-request', 'unsupported-media-type'] as const) : []),
    ...(route.conditional ? (['precondition-failed', 'precondition-required'] as const) : []),
    ...(route.access === 'token' ? (['unauthorized', 'forbidden', 'store-unavailable'] as const) : []),
    ...route.problems,
    'too-many-requests',
    'internal-error',
    'service-unavailable',
  ]);
  const schema = schemas.of(problemSchema, 'output');
  return Object.fromEntries(
    Object.entries(Object.groupBy(codes, (code) => problems[code].status)).map(([status, group]) => [
      status,
      { description: group!.join(', '), content: { [PROBLEM_MEDIA_TYPE]: { schema } } },
    ]),
  );
}

const jsonResponse = (description: string, schema: Json): Json => ({
  description,
  content: { 'application/json': { schema } },
});

/** Turns zod schemas into JSON Schema; those with an id go into `components` once and are pointed to. */
class Schemas {
  readonly #components: Json = {};

  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema: _, $defs, ...body } = z.toJSONSchema(schema, { io, override: withoutId });
    for (const [id, definition] of Object.entries($defs ?? {})) this.#components[id] = repointed(definition);
    const id = schema.meta()?.id;
    if (!id) return repointed(body);
    if (!('$ref' in body)) this.#components[id] = repointed(body);
    return { $ref: `#/components/schemas/${id}` };
  }

  all(): Json {
    return this.#components;
  }
}

/** zod repeats the registry's id inside the schema, where OpenAPI knows no such keyword. */
function withoutId({ jsonSchema }: { jsonSchema: { id?: unknown } }): void {
  delete jsonSchema.id;
}

const repointed = (schema: unknown): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
