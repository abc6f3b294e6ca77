/** What the template declares of an HTTP API. */
export interface HttpApiDefinition {
  /** @default `local` */
  readonly apiId?: string | undefined;
  readonly routes: readonly Route[];
  readonly cors?: Cors | undefined;
  /** @default the quota of an AWS account, which a laptop does not reach */
  readonly throttling?: Throttling | undefined;
}

export interface Route {
  /** `GET /models/{name}`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly functionArn: string;
  readonly authorizer?: JwtAuthorizer | undefined;
  /** How long the function is waited for. @default 30 seconds, which is also the most that AWS allows */
  readonly timeoutMs?: number | undefined;
}

export interface JwtAuthorizer {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** The token must have at least one of them. @default any token will do */
  readonly scopes?: readonly string[] | undefined;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
export interface Cors {
  /** Origins, `*`, or a scheme and anything: `https://*`. */
  readonly allowOrigins?: readonly string[] | undefined;
  readonly allowMethods?: readonly string[] | undefined;
  readonly allowHeaders?: readonly string[] | undefined;
  readonly exposeHeaders?: readonly string[] | undefined;
  readonly allowCredentials?: boolean | undefined;
  readonly maxAgeSeconds?: number | undefined;
}

/** A token bucket: so many requests per second, and so many at once. */
export interface Throttling {
  readonly rateLimit: number;
  readonly burstLimit: number;
}
