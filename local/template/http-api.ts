import type { Cors, HttpApiDefinition, JwtAuthorizer, Route, Throttling } from '../http-api/index.ts';
import { NotEmulatedError, TemplateError } from './errors.ts';
import { generatedId, LOWER_ALPHANUMERIC } from './names.ts';
import { type Identify, propertiesOf, type Resource } from './resource.ts';

export const apiIdentity: Identify = (resource) => {
  const id = generatedId(resource, LOWER_ALPHANUMERIC, 10);
  return { physicalName: id, ref: id, attributes: { ApiEndpoint: resource.addresses.api, ApiId: id } };
};

interface ApiProperties {
  readonly ProtocolType?: string;
  readonly CorsConfiguration?: {
    readonly AllowOrigins?: readonly string[];
    readonly AllowMethods?: readonly string[];
    readonly AllowHeaders?: readonly string[];
    readonly ExposeHeaders?: readonly string[];
    readonly AllowCredentials?: boolean;
    readonly MaxAge?: number;
  };
}

interface StageProperties {
  readonly StageName: string;
  readonly DefaultRouteSettings?: { readonly ThrottlingRateLimit?: number; readonly ThrottlingBurstLimit?: number };
  readonly RouteSettings?: unknown;
  readonly StageVariables?: unknown;
}

interface RouteProperties {
  readonly RouteKey: string;
  readonly Target?: string;
  readonly AuthorizationType?: string;
  readonly AuthorizerId?: string;
  readonly AuthorizationScopes?: readonly string[];
}

interface IntegrationProperties {
  readonly IntegrationType: string;
  readonly IntegrationUri: string;
  readonly PayloadFormatVersion?: string;
  readonly TimeoutInMillis?: number;
}

interface AuthorizerProperties {
  readonly AuthorizerType: string;
  readonly JwtConfiguration?: { readonly Issuer: string; readonly Audience: readonly string[] };
}

export interface DeclaredApi {
  readonly apis: readonly Resource[];
  readonly stages: readonly Resource[];
  readonly routes: readonly Resource[];
  readonly integrations: readonly Resource[];
  readonly authorizers: readonly Resource[];
}

/** @throws {TemplateError} unless the template declares one HTTP API with one default stage, of parts that are emulated */
export function httpApiDefinition(declared: DeclaredApi): HttpApiDefinition {
  const api = theOnly(declared.apis, 'HTTP API');
  const { ProtocolType, CorsConfiguration } = propertiesOf<ApiProperties>(api);
  if (ProtocolType !== 'HTTP')
    throw new NotEmulatedError(`${api.logicalId}: APIs of type ${ProtocolType} are not emulated`);
  return {
    apiId: api.ref,
    cors: CorsConfiguration && corsOf(CorsConfiguration),
    throttling: throttlingOf(theOnly(declared.stages, 'stage of the HTTP API')),
    routes: declared.routes.map((route) => routeOf(route, declared)),
  };
}

function theOnly(resources: readonly Resource[], what: string): Resource {
  const [resource, ...others] = resources;
  if (!resource || others.length > 0)
    throw new TemplateError(`expected one ${what} in the template, not ${resources.length}`);
  return resource;
}

const corsOf = (cors: NonNullable<ApiProperties['CorsConfiguration']>): Cors => ({
  allowOrigins: cors.AllowOrigins,
  allowMethods: cors.AllowMethods,
  allowHeaders: cors.AllowHeaders,
  exposeHeaders: cors.ExposeHeaders,
  allowCredentials: cors.AllowCredentials,
  maxAgeSeconds: cors.MaxAge,
});

function throttlingOf(stage: Resource): Throttling | undefined {
  const { StageName, DefaultRouteSettings, RouteSettings, StageVariables } = propertiesOf<StageProperties>(stage);
  if (StageName !== '$default') throw new NotEmulatedError(`${stage.logicalId}: only the stage $default is emulated`);
  if (RouteSettings) throw new NotEmulatedError(`${stage.logicalId}: settings of single routes are not emulated`);
  if (StageVariables) throw new NotEmulatedError(`${stage.logicalId}: stage variables are not emulated`);
  const { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit } = DefaultRouteSettings ?? {};
  return rateLimit === undefined || burstLimit === undefined ? undefined : { rateLimit, burstLimit };
}

function routeOf(route: Resource, declared: DeclaredApi): Route {
  const { RouteKey, Target, AuthorizationScopes } = propertiesOf<RouteProperties>(route);
  const integration = declared.integrations.find(({ ref }) => Target === `integrations/${ref}`);
  if (!integration) throw new TemplateError(`${route.logicalId}: the template has no integration ${Target}`);
  const { IntegrationType, IntegrationUri, PayloadFormatVersion, TimeoutInMillis } =
    propertiesOf<IntegrationProperties>(integration);
  if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
    throw new NotEmulatedError(`${integration.logicalId}: only functions with payload format 2.0 are emulated`);
  }
  const authorizer = authorizerOf(route, declared);
  return {
    routeKey: RouteKey,
    functionArn: IntegrationUri,
    timeoutMs: TimeoutInMillis,
    authorizer: authorizer && { ...authorizer, scopes: AuthorizationScopes },
  };
}

/** A route without an authorizer is public; one that has another than a JWT authorizer must not become so. */
function authorizerOf(route: Resource, { authorizers }: DeclaredApi): JwtAuthorizer | undefined {
  const { AuthorizationType = 'NONE', AuthorizerId } = propertiesOf<RouteProperties>(route);
  if (AuthorizationType === 'NONE') return undefined;
  const authorizer = authorizers.find(({ ref }) => ref === AuthorizerId);
  const { JwtConfiguration } = authorizer ? propertiesOf<AuthorizerProperties>(authorizer) : {};
  if (AuthorizationType !== 'JWT' || !JwtConfiguration) {
    throw new NotEmulatedError(`${route.logicalId}: authorization of type ${AuthorizationType} is not emulated`);
  }
  return { issuer: JwtConfiguration.Issuer, audience: JwtConfiguration.Audience };
}
