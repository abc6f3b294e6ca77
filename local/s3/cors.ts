import type { S3Context } from './context.ts';
import { S3Error } from './errors.ts';
import type { Headers, ResponseHeaders } from './headers.ts';
import type { S3Request } from './request.ts';
import type { S3Response } from './response.ts';
import { childrenOf, textOf, textsOf, type XmlTree } from './xml.ts';

interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAgeSeconds: string | undefined;
}

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];

/** The answer to a browser that asks before it calls. @throws {S3Error} AccessForbidden, BadRequest */
export function preflight(request: S3Request, s3: S3Context): S3Response {
  const { origin, 'access-control-request-method': method } = request.headers;
  if (!origin || !method) throw new S3Error('BadRequest');
  const rule = matchingRule(request, s3, method);
  if (!rule) throw new S3Error('AccessForbidden');
  const asked = request.headers['access-control-request-headers'];
  return {
    headers: {
      ...allowHeaders(rule, origin),
      'access-control-allow-headers': asked?.toLowerCase(),
      'access-control-max-age': rule.maxAgeSeconds,
    },
  };
}

/** What lets a browser's script see the answer; nothing where no rule of the bucket covers the request. */
export function corsHeaders(request: S3Request, s3: S3Context): ResponseHeaders {
  const { origin } = request.headers;
  const rule = origin ? matchingRule(request, s3, request.method) : undefined;
  return rule && origin ? allowHeaders(rule, origin) : {};
}

/** @throws {S3Error} MalformedXML, InvalidRequest */
export function checkCors(configuration: XmlTree): XmlTree {
  const rules = rulesOf(configuration);
  if (rules.length === 0) throw new S3Error('MalformedXML');
  for (const { methods, origins, headers } of rules) {
    if (methods.length === 0 || origins.length === 0) throw new S3Error('MalformedXML');
    const unknown = methods.find((method) => !METHODS.includes(method));
    if (unknown) {
      const message = `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`;
      throw new S3Error('InvalidRequest', { message });
    }
    if ([...origins, ...headers].some((pattern) => pattern.split('*').length > 2)) {
      throw new S3Error('InvalidRequest', { message: 'AllowedOrigin and AllowedHeader can have at most one wildcard' });
    }
  }
  return configuration;
}

function rulesOf(configuration: XmlTree): CorsRule[] {
  return childrenOf(configuration, 'CORSRule').map((rule) => ({
    origins: textsOf(rule, 'AllowedOrigin'),
    methods: textsOf(rule, 'AllowedMethod'),
    headers: textsOf(rule, 'AllowedHeader'),
    exposed: textsOf(rule, 'ExposeHeader'),
    maxAgeSeconds: textOf(rule, 'MaxAgeSeconds'),
  }));
}

/** The first rule that allows the origin, the method and every header that is asked for. */
function matchingRule({ bucket, headers }: S3Request, s3: S3Context, method: string): CorsRule | undefined {
  return rulesOf(s3.buckets.configuration(bucket, 'cors') ?? {}).find(
    (rule) =>
      rule.methods.includes(method) &&
      rule.origins.some((pattern) => matchesPattern(pattern, headers.origin ?? '')) &&
      requestedHeaders(headers).every((name) =>
        rule.headers.some((pattern) => matchesPattern(pattern.toLowerCase(), name)),
      ),
  );
}

function requestedHeaders(headers: Headers): string[] {
  const list = headers['access-control-request-headers'] ?? '';
  return list
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
}

/** A pattern has one wildcard at most: `https://*.example.org`. */
function matchesPattern(pattern: string, text: string): boolean {
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return pattern === text;
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

function allowHeaders(rule: CorsRule, origin: string): ResponseHeaders {
  const isPublic = rule.origins.includes('*');
  return {
    'access-control-allow-origin': isPublic ? '*' : origin,
    'access-control-allow-credentials': isPublic ? undefined : 'true',
    'access-control-allow-methods': rule.methods.join(', '),
    'access-control-expose-headers': rule.exposed.join(', ') || undefined,
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}
