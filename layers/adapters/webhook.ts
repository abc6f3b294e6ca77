import { createHmac } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { limits } from '@kilat/contracts';
import { WebhookNotDeliveredError, type WebhookRequest, WebhookUrlNotAllowedError } from '@kilat/core';
import {
  AddressNotAllowedError,
  assertAllowedHost,
  checkedLookup,
  type IsAllowed,
  isPublicAddress,
} from './public-address.ts';

const SECRET_PREFIX = 'whsec_';

/**
 * The signature of a message, as Standard Webhooks lays it out: `v1,` and the HMAC-SHA256 over id, time and body.
 * @param secret base64 behind `whsec_`
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookSignature(secret: string, { id, timestamp, body }: WebhookRequest): string {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** @throws {WebhookUrlNotAllowedError} for what is plainly no public address; names are looked up when they are called */
export function assertWebhookUrl(text: string, isAllowed: IsAllowed = isPublicAddress): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) {
    throw new WebhookUrlNotAllowedError('the webhook URL is not of http: or https:, or carries credentials');
  }
  try {
    assertAllowedHost(url, isAllowed);
  } catch (cause) {
    throw new WebhookUrlNotAllowedError('the webhook URL leads to an address that is not public', { cause });
  }
  return url;
}

/**
 * Posts once. The connection goes to the very address that was checked, and no redirect is followed.
 * @throws {WebhookUrlNotAllowedError} when it leads to an address that is not allowed
 * @throws {WebhookNotDeliveredError} when it does not answer with success in time
 */
export async function postWebhook(call: WebhookRequest, isAllowed: IsAllowed = isPublicAddress): Promise<void> {
  const url = assertWebhookUrl(call.url, isAllowed);
  try {
    const response = await post(url, call, isAllowed);
    response.resume();
    const status = response.statusCode ?? 0;
    if (status < 200 || status >= 300) throw new WebhookNotDeliveredError(`the webhook URL answered ${status}`);
  } catch (cause) {
    if (cause instanceof WebhookNotDeliveredError) throw cause;
    if (cause instanceof AddressNotAllowedError) {
      throw new WebhookUrlNotAllowedError('the webhook URL leads to an address that is not public', { cause });
    }
    throw new WebhookNotDeliveredError('the webhook URL could not be reached in time', { cause });
  }
}

function post(url: URL, call: WebhookRequest, isAllowed: IsAllowed): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = {
    'content-type': 'application/cloudevents+json',
    'content-length': Buffer.byteLength(call.body),
    'webhook-id': call.id,
    'webhook-timestamp': call.timestamp,
    'webhook-signature': webhookSignature(call.secret, call),
  };
  const signal = AbortSignal.timeout(limits.webhook.timeoutMs);
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', lookup: checkedLookup(isAllowed), signal, agent: false, headers }, resolve)
      .on('error', reject)
      .end(call.body);
  });
}
