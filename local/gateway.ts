import type { Closers } from './closers.ts';
import { problemRefusal } from './gateway-problems.ts';
import type { HttpApiEvent, RequestFacts } from './http-api/index.ts';
import { servicePrincipal } from './iam/index.ts';
import { InFlight } from './in-flight.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './service.ts';
import type { LocalServices } from './services.ts';
import type { Declarations } from './template/declarations.ts';
import { httpApiDefinition } from './template/http-api.ts';

export interface GatewayOptions {
  readonly onRequest?: ((facts: RequestFacts) => void) | undefined;
  readonly onFault: (error: unknown) => void;
  readonly declarations: Declarations;
  readonly services: LocalServices;
  readonly port: number;
  readonly closers: Closers;
}

/** What a request may still take when the local cloud is told to stop. */
const GRACE_MS = 3000;

/** Serves the HTTP API that the template declares. */
export async function startGateway({
  declarations,
  services,
  port,
  closers,
  ...options
}: GatewayOptions): Promise<void> {
  const { startHttpApi } = await import('./http-api/index.ts');
  const inFlight = new InFlight();
  const gateway = await startHttpApi({
    port,
    api: httpApiDefinition({
      apis: declarations.of('AWS::ApiGatewayV2::Api'),
      stages: declarations.of('AWS::ApiGatewayV2::Stage'),
      routes: declarations.of('AWS::ApiGatewayV2::Route'),
      integrations: declarations.of('AWS::ApiGatewayV2::Integration'),
      authorizers: declarations.of('AWS::ApiGatewayV2::Authorizer'),
    }),
    invoke: (functionArn, event) => {
      inFlight.begin(String(event.requestContext.requestId));
      const caller = servicePrincipal('apigateway.amazonaws.com', routeArn(event));
      return services.lambda.invoke(functionArn, event, { caller });
    },
    jwks: (issuer) => services.cognito.jwks(issuer.split('/').at(-1) ?? ''),
    refusal: problemRefusal,
    onFault: options.onFault,
    onRequest: (facts) => {
      inFlight.end(facts.requestId);
      options.onRequest?.(facts);
    },
  });
  closers.add(() => gateway.close());
  closers.add(() => inFlight.settled(GRACE_MS));
}

/**
 * What the gateway names as its source when it invokes a function: the route, with the variables of its path as they
 * are written there.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
function routeArn({ routeKey, requestContext: { apiId, stage } }: HttpApiEvent): string {
  const route = routeKey === '$default' ? '$default' : routeKey.replace(' ', '');
  return `arn:aws:execute-api:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${apiId}/${stage}/${route}`;
}
