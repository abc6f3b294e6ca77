import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws-json.ts';
import type { Cognito } from './context.ts';
import { grantToken, OAuthError } from './oauth.ts';
import { jwks, openidConfiguration } from './well-known.ts';

export interface WebRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** Serves what is no operation: preflights, the two documents of a pool, and the token endpoint. */
export async function serveWeb(cognito: Cognito, web: WebRequest): Promise<boolean> {
  allowBrowsers(web.response);
  if (web.request.method === 'OPTIONS') {
    web.response.writeHead(204).end();
    return true;
  }
  const run = route(cognito, web);
  if (!run) return false;
  try {
    sendJson(web.response, 200, await run());
  } catch (error) {
    sendRefusal(web, error);
  }
  return true;
}

/** Browser libraries call Cognito from any origin, and so may they here. */
function allowBrowsers(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-headers', '*, authorization');
  response.setHeader('access-control-expose-headers', 'x-amzn-requestid, x-amzn-errortype, x-amzn-errormessage');
}

function route(cognito: Cognito, { request, body }: WebRequest): (() => unknown) | undefined {
  const pathname = request.url?.split('?')[0] ?? '/';
  if (request.method === 'POST' && pathname === '/oauth2/token')
    return () => grantToken(cognito, request.headers, body.toString());
  const [, userPoolId, document] = /^\/([\w-]+)\/\.well-known\/([\w.-]+)$/.exec(pathname) ?? [];
  if (request.method !== 'GET' || !userPoolId || !cognito.store.pools.get(userPoolId)) return undefined;
  if (document === 'jwks.json') return () => jwks(cognito, userPoolId);
  if (document === 'openid-configuration')
    return () => openidConfiguration(userPoolId, `http://${request.headers.host}`);
  return undefined;
}

function sendRefusal({ response, onFault }: WebRequest, error: unknown): void {
  if (error instanceof OAuthError) {
    const description = error.message && { error_description: error.message };
    sendJson(response, 400, { error: error.code, ...(description || {}) });
  } else if (error instanceof AwsError) {
    sendJson(response, error.status, { error: 'invalid_request', error_description: error.message });
  } else {
    onFault?.(error);
    sendJson(response, 500, { error: 'server_error' });
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
