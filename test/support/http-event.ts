import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export interface HttpEventParts {
  readonly routeKey?: string;
  readonly path?: string;
  readonly query?: Record<string, string>;
  readonly params?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
  /** Claims as the gateway hands them over: every one a string. Null for a request without a token. */
  readonly claims?: Record<string, string> | null;
}

export const demoClaims = {
  sub: '11111111-1111-4111-8111-111111111111',
  tenant_id: 'demo',
  token_use: 'access',
  'cognito:groups': '[user]',
};

/** An HTTP API event of payload format 2.0, valid as a whole: take what matters to the case and leave the rest. */
export function anHttpEvent(parts: HttpEventParts = {}): APIGatewayProxyEventV2 {
  const { routeKey = 'GET /health', query, params, headers = {}, body, claims = demoClaims } = parts;
  const [method = 'GET', routePath = '/'] = routeKey === '$default' ? [] : routeKey.split(' ');
  const path = parts.path ?? routePath;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { host: 'api.example.com', 'x-forwarded-proto': 'https', ...headers },
    ...(query && { queryStringParameters: query }),
    ...(params && { pathParameters: params }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'gateway-request-id',
      routeKey,
      stage: '$default',
      time: '20/Nov/2026:09:30:00 +0000',
      timeEpoch: Date.UTC(2026, 10, 20, 9, 30),
      ...(claims && { authorizer: { jwt: { claims, scopes: [] } } }),
    } as APIGatewayProxyEventV2['requestContext'],
    ...(body !== undefined && { body: Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined,
  };
}
