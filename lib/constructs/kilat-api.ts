import {
  ETAG_HEADER,
  IDEMPOTENCY_KEY_HEADER,
  IF_MATCH_HEADER,
  type OperationId,
  quotaHeaders,
  REQUEST_ID_HEADER,
  type Route,
  routes,
} from '@kilat/contracts';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  CorsHttpMethod,
  HttpApi,
  type HttpApiProps,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { accessLogFormat } from './access-log.ts';

/** The functions that answer at least one route. */
export type RoutedFunction = (typeof routes)[OperationId]['function'];

export interface KilatApiProps {
  readonly stage: Stage;
  readonly functions: Readonly<Record<RoutedFunction, IFunction>>;
  readonly userPool: IUserPool;
  readonly userPoolClient: IUserPoolClient;
}

/** The routes of the contracts, each at its function, behind a token unless it is public. */
export class KilatApi extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, { stage, functions, userPool, userPoolClient }: KilatApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: `kilat-${stage.name}`,
      description: 'Machine-learning inference',
      createDefaultStage: false,
      ...cors(stage.corsOrigins),
    });
    this.#addStage(stage);
    this.#addRoutes(functions, new HttpUserPoolAuthorizer('Token', userPool, { userPoolClients: [userPoolClient] }));
  }

  #addRoutes(functions: KilatApiProps['functions'], token: IHttpRouteAuthorizer): void {
    const integrations = integrationsOf(functions);
    for (const [operationId, route] of Object.entries<Route>(routes)) {
      const httpRoute = new HttpRoute(this, operationId, {
        httpApi: this.api,
        routeKey: HttpRouteKey.with(route.path, HttpMethod[route.method]),
        integration: integrations[route.function as RoutedFunction],
        authorizer: route.access === 'token' ? token : new HttpNoneAuthorizer(),
      });
      if (route.access === 'public') acknowledgePublic(httpRoute, route.summary);
    }
    this.#addFallback(integrations.platform);
  }

  #addFallback(integration: HttpLambdaIntegration): void {
    const routeKey = HttpRouteKey.DEFAULT;
    const fallback = new HttpRoute(this, 'fallback', { httpApi: this.api, routeKey, integration });
    acknowledgePublic(fallback, 'say that no such route exists');
  }

  #addStage(stage: Stage): void {
    const logGroup = new LogGroup(this, 'AccessLogs', {
      retention: stage.logRetentionDays,
      removalPolicy: stage.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: { rateLimit: stage.apiRateLimit, burstLimit: stage.apiBurstLimit },
      accessLogSettings: { destination: new LogGroupLogDestination(logGroup), format: accessLogFormat },
    });
  }
}

const integrationsOf = (functions: KilatApiProps['functions']) => ({
  predict: new HttpLambdaIntegration('predict', functions.predict),
  jobs: new HttpLambdaIntegration('jobs', functions.jobs),
  history: new HttpLambdaIntegration('history', functions.history),
  models: new HttpLambdaIntegration('models', functions.models),
  runs: new HttpLambdaIntegration('runs', functions.runs),
  training: new HttpLambdaIntegration('training', functions.training),
  usage: new HttpLambdaIntegration('usage', functions.usage),
  platform: new HttpLambdaIntegration('platform', functions.platform),
});

function cors(allowOrigins: readonly string[]): Pick<HttpApiProps, 'corsPreflight'> {
  if (allowOrigins.length === 0) return {};
  const methods = new Set(Object.values(routes).map(({ method }) => CorsHttpMethod[method]));
  return {
    corsPreflight: {
      allowOrigins: [...allowOrigins],
      allowMethods: [...methods],
      allowHeaders: ['authorization', 'content-type', IDEMPOTENCY_KEY_HEADER, IF_MATCH_HEADER, REQUEST_ID_HEADER],
      exposeHeaders: ['location', ETAG_HEADER, REQUEST_ID_HEADER, ...Object.values(quotaHeaders)],
      maxAge: Duration.hours(1),
    },
  };
}

const acknowledgePublic = (route: HttpRoute, purpose: string) =>
  Validations.of(route).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason: `public by contract, and tells nothing about any tenant: ${purpose}`,
  });
