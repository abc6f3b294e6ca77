import { describe, expect, it } from 'vitest';
import { lifecycleRules } from '../../local/template/bucket-lifecycle.ts';
import { NotEmulatedError } from '../../local/template/errors.ts';
import { publishedOf } from '../../local/template/function-versions.ts';
import { functionConfiguration } from '../../local/template/functions.ts';
import { httpApiDefinition } from '../../local/template/http-api.ts';
import type { Resource } from '../../local/template/resource.ts';
import { failedMessages, type SqsEvent } from '../../local/template/sqs-event.ts';
import type { JsonObject } from '../../local/template/template.ts';

const aResource = (logicalId: string, properties: JsonObject): Resource => ({
  stackName: 's',
  logicalId,
  type: 'AWS::X::Y',
  physicalName: `s-${logicalId}`,
  ref: logicalId,
  attributes: { Arn: `arn:aws:x:::${logicalId}` },
  properties,
});

describe('functions', () => {
  const sources = {
    asset: (key: string) => ({ abc: '/out/asset.abc', 'def.zip': '/out/asset.def' })[key],
    projectDir: '/repo',
  };

  it('runs an image by its command, from the folder that the image is built of', () => {
    const fn = aResource('Predict', {
      PackageType: 'Image',
      Code: { ImageUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/assets:abc' },
      ImageConfig: { Command: ['index.handler'] },
      Timeout: 29,
      MemorySize: 1769,
      Environment: { Variables: { TOP_K: 5 } },
    });

    expect(functionConfiguration(fn, sources)).toMatchObject({
      name: 's-Predict',
      directory: '/out/asset.abc',
      handler: 'index.handler',
      timeoutMs: 29_000,
      memoryMb: 1769,
      environment: { TOP_K: '5' },
      resolveFrom: '/repo',
    });
  });

  it('runs a zip with what it has in its own folder, and the defaults of AWS', () => {
    const fn = aResource('History', { Code: { S3Key: 'def.zip' }, Runtime: 'nodejs24.x', Handler: 'index.handler' });

    const configuration = functionConfiguration(fn, sources);

    expect(configuration).toMatchObject({ directory: '/out/asset.def', timeoutMs: 3000, memoryMb: 128 });
    expect(configuration.resolveFrom).toBeUndefined();
  });

  it.each([
    ['another language', { Code: { S3Key: 'def.zip' }, Runtime: 'python3.13' }, 'python3.13'],
    ['an image that names no handler', { PackageType: 'Image', Code: { ImageUri: 'x:abc' } }, 'Command'],
    ['layers', { Code: { S3Key: 'def.zip' }, Runtime: 'nodejs24.x', Layers: ['arn'] }, 'layers'],
  ])('refuses %s', (_, properties, message) => {
    expect(() => functionConfiguration(aResource('F', properties), sources)).toThrow(message);
  });
});

describe('versions of functions', () => {
  it('are those that the template publishes of the function, with the aliases that lead to them', () => {
    const named = (physicalName: string, properties: JsonObject) => ({ ...aResource('R', properties), physicalName });
    const declared = {
      versions: [named('1', { FunctionName: 's-Predict' }), named('1', { FunctionName: 's-Other' })],
      aliases: [
        named('live', { FunctionName: 'arn:aws:lambda:us-east-1:0:function:s-Predict', FunctionVersion: '1' }),
        named('other', { FunctionName: 's-Other', FunctionVersion: '1' }),
      ],
    };

    const published = publishedOf(aResource('Predict', {}), declared);

    expect(published).toEqual({ versions: ['1'], aliases: { live: '1' } });
  });
});

describe('lifecycle rules', () => {
  it('are put in the words of the S3 API', () => {
    const rule = {
      Id: 'forget',
      Status: 'Enabled',
      ExpirationInDays: 90,
      NoncurrentVersionExpiration: { NoncurrentDays: 7 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    };

    expect(lifecycleRules({ Rules: [rule] })[0]).toMatchObject({
      ID: 'forget',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      Expiration: { Days: 90 },
      NoncurrentVersionExpiration: { NoncurrentDays: 7 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    });
  });

  it.each([
    ['a prefix alone', { Prefix: 'in/' }, { Prefix: 'in/' }],
    ['a tag alone', { TagFilters: [{ Key: 'k', Value: 'v' }] }, { Tag: { Key: 'k', Value: 'v' } }],
    [
      'several criteria',
      { Prefix: 'in/', ObjectSizeGreaterThan: '10', TagFilters: [{ Key: 'k', Value: 'v' }] },
      { And: { Prefix: 'in/', ObjectSizeGreaterThan: 10, Tags: [{ Key: 'k', Value: 'v' }] } },
    ],
  ])('filter by %s', (_, rule, filter) => {
    expect(lifecycleRules({ Rules: [{ Status: 'Enabled', ...rule }] })[0]?.Filter).toEqual(filter);
  });
});

describe('HTTP API', () => {
  const parts = (route: JsonObject) => ({
    apis: [aResource('Api', { ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['http://a'], MaxAge: 60 } })],
    stages: [
      aResource('Stage', {
        StageName: '$default',
        DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      }),
    ],
    routes: [aResource('Route', { RouteKey: 'GET /v1/history', Target: 'integrations/Integration', ...route })],
    integrations: [
      aResource('Integration', { IntegrationType: 'AWS_PROXY', IntegrationUri: 'arn:f', PayloadFormatVersion: '2.0' }),
    ],
    authorizers: [
      aResource('Token', {
        AuthorizerType: 'JWT',
        JwtConfiguration: { Issuer: 'https://issuer', Audience: ['client'] },
      }),
    ],
  });

  it('has the routes, the authoriser, the throttling and the CORS rules of the template', () => {
    const definition = httpApiDefinition(parts({ AuthorizationType: 'JWT', AuthorizerId: 'Token' }));

    expect(definition).toMatchObject({
      cors: { allowOrigins: ['http://a'], maxAgeSeconds: 60 },
      throttling: { rateLimit: 50, burstLimit: 100 },
      routes: [
        {
          routeKey: 'GET /v1/history',
          functionArn: 'arn:f',
          authorizer: { issuer: 'https://issuer', audience: ['client'] },
        },
      ],
    });
  });

  it('leaves a route public only where the template does', () => {
    expect(httpApiDefinition(parts({ AuthorizationType: 'NONE' })).routes[0]?.authorizer).toBeUndefined();
    expect(() => httpApiDefinition(parts({ AuthorizationType: 'AWS_IAM' }))).toThrow(NotEmulatedError);
    expect(() => httpApiDefinition(parts({ AuthorizationType: 'JWT', AuthorizerId: 'Gone' }))).toThrow(
      NotEmulatedError,
    );
  });
});

describe('partial batch failures', () => {
  const event = { Records: [{ messageId: 'a' }, { messageId: 'b' }] } as unknown as SqsEvent;

  it.each([
    ['nobody, for an answer without failures', 'null', []],
    ['nobody, for an empty list', '{"batchItemFailures":[]}', []],
    ['those that are named', '{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['b']],
    ['all, where one is named that was not in the batch', '{"batchItemFailures":[{"itemIdentifier":"c"}]}', ['a', 'b']],
    ['all, where one has no name', '{"batchItemFailures":[{"itemIdentifier":""}]}', ['a', 'b']],
    ['all, where the list is none', '{"batchItemFailures":"b"}', ['a', 'b']],
  ])('fail %s', (_, payload, failed) => {
    expect([...failedMessages(event, payload)]).toEqual(failed);
  });
});
