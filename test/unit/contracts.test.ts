import { openApiDocument, problem, problems, routes } from '@kilat/contracts';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';

describe('problem documents', () => {
  it('carry the members of RFC 9457 with code and request id', () => {
    const document = problem({
      code: 'model-not-found',
      requestId: 'req-1',
      instance: '/v1/predict',
      detail: "no model is named 'resnet'",
    });

    expect(document).toEqual({
      type: '/problems/model-not-found',
      title: 'Model not found',
      status: 404,
      detail: "no model is named 'resnet'",
      error: "no model is named 'resnet'",
      instance: '/v1/predict',
      code: 'model-not-found',
      request_id: 'req-1',
    });
  });

  it.each(Object.entries(problems).filter(([, { status }]) => status >= 500))(
    'of a fault say nothing of %s',
    (code) => {
      const document = problem({
        code: code as keyof typeof problems,
        requestId: 'req-1',
        instance: '/',
        detail: 'table kilat-history timed out',
      });

      expect(JSON.stringify(document)).not.toContain('kilat-history');
    },
  );
});

describe('the OpenAPI document', () => {
  const document = openApiDocument({ version: '0.1.0', serverUrl: 'https://api.kilat.dev' });

  it('passes the linter’s recommended rules', async () => {
    const config = await createConfig({ extends: ['recommended'] });

    const findings = await lintFromString({ source: JSON.stringify(document), config });

    expect(findings.map(({ ruleId, message, location }) => ({ ruleId, message, at: location[0]?.pointer }))).toEqual(
      [],
    );
  });

  it('fails the linter when an operation loses its answers', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const broken = structuredClone(document) as unknown as { paths: Record<string, { get: { responses?: unknown } }> };
    delete broken.paths['/health']!.get.responses;

    const findings = await lintFromString({ source: JSON.stringify(broken), config });

    expect(findings.length).toBeGreaterThan(0);
  });

  it('tells of the quota in every answer to a token, and of Retry-After where there were too many', () => {
    const { responses } = (document.paths as Record<string, Record<string, { responses: Record<string, object> }>>)[
      '/v1/usage'
    ]!.get!;

    const fieldsOf = (status: number) => Object.keys((responses[status] as { headers: object }).headers);
    expect([200, 400, 403, 503].map(fieldsOf)).toEqual(Array(4).fill(['ratelimit-policy', 'ratelimit']));
    expect(fieldsOf(429)).toEqual(['ratelimit-policy', 'ratelimit', 'retry-after']);
  });

  it('describes every route', () => {
    const described = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );

    expect(described.sort()).toEqual(
      Object.values(routes)
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    );
  });
});
