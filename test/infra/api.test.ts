import { FALLBACK_ROUTE_KEY, type Route, routeKey, routes } from '@kilat/contracts';
import { expect, it } from 'vitest';
import { aStage, synthesised } from '../support/synth.ts';

const templates = synthesised(aStage('staging', { corsOrigins: ['https://kilat.example'] }));
const { api } = templates;

interface RouteProperties {
  readonly RouteKey: string;
  readonly AuthorizationType: 'NONE' | 'JWT';
  readonly AuthorizerId?: unknown;
  readonly Target: { readonly 'Fn::Join': [string, [string, { readonly Ref: string }]] };
}

const declared = Object.values(api.findResources('AWS::ApiGatewayV2::Route')).map(
  ({ Properties }) => Properties as RouteProperties,
);
const contracted = Object.values<Route>(routes);
const keysOf = (access: Route['access']) => contracted.filter((route) => route.access === access).map(routeKey);

/** The integration's target, as far as it names the function: a logical id or an output of another stack. */
function functionBehind({ Target }: RouteProperties): string {
  const integrations = api.findResources('AWS::ApiGatewayV2::Integration');
  return JSON.stringify(integrations[Target['Fn::Join'][1][1].Ref]!.Properties.IntegrationUri);
}

it('routes what the contracts name, and sends all else to the fallback', () => {
  const keys = declared.map(({ RouteKey }) => RouteKey);

  expect(keys.sort()).toEqual([...contracted.map(routeKey), FALLBACK_ROUTE_KEY].sort());
});

it.each(contracted.map((route) => [routeKey(route), route.function] as const))('sends %s to %s', (key, name) => {
  const route = declared.find(({ RouteKey }) => RouteKey === key)!;

  expect(functionBehind(route).toLowerCase()).toContain(`${name}function`);
});

it('asks for a token on every route that is not public', () => {
  const guarded = declared.filter(({ AuthorizationType, AuthorizerId }) => AuthorizationType === 'JWT' && AuthorizerId);

  expect(guarded.map(({ RouteKey }) => RouteKey).sort()).toEqual(keysOf('token').sort());
});

it('lets in without a token health, the OpenAPI document and the fallback alone', () => {
  const open = declared.filter(({ AuthorizationType }) => AuthorizationType === 'NONE');

  expect(open.map(({ RouteKey }) => RouteKey).sort()).toEqual([
    '$default',
    'GET /health',
    'GET /health/live',
    'GET /health/ready',
    'GET /openapi.json',
  ]);
});

it('believes tokens of its own user pool and client alone', () => {
  const [authorizer] = Object.values(api.findResources('AWS::ApiGatewayV2::Authorizer'));
  const { Issuer, Audience } = authorizer!.Properties.JwtConfiguration;

  expect(JSON.stringify(Issuer)).toMatch(/cognito-idp\..*kilat-staging-identity:ExportsOutputRefUsersPool/);
  expect(JSON.stringify(Audience)).toContain('kilat-staging-identity:ExportsOutputRefUsersPoolClient');
  expect(Audience).toHaveLength(1);
});

it('sets a rate limit for all routes and logs each request as a line of JSON', () => {
  const [stage] = Object.values(api.findResources('AWS::ApiGatewayV2::Stage'));
  const { DefaultRouteSettings, AccessLogSettings } = stage!.Properties;

  expect(DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 });
  expect(JSON.parse(AccessLogSettings.Format)).toMatchObject({ requestId: '$context.requestId' });
});

it('lets browsers in from the origins of the stage alone', () => {
  api.hasResourceProperties('AWS::ApiGatewayV2::Api', {
    CorsConfiguration: {
      AllowOrigins: ['https://kilat.example'],
      AllowMethods: ['POST', 'GET', 'DELETE'],
      AllowHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'x-request-id'],
      ExposeHeaders: ['location', 'etag', 'x-request-id', 'ratelimit-policy', 'ratelimit', 'retry-after'],
    },
  });
});

it('says where the API and its users are', () => {
  api.hasOutput('ApiUrl', {});
  templates.identity.hasOutput('UserPoolId', {});
  templates.identity.hasOutput('UserPoolClientId', {});
});
