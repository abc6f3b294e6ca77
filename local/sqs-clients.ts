import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Closers } from './closers.ts';
import type { Keyring, Principal } from './iam/index.ts';
import { LOCAL_REGION } from './service.ts';

export interface SqsClientsOptions {
  readonly url: string;
  readonly keys: Keyring;
  readonly closers: Closers;
}

/** Clients of the local SQS for those who call it from within: services, and the roles of functions that queues feed. */
export class SqsClients {
  readonly #options: SqsClientsOptions;
  readonly #sdk: typeof import('@aws-sdk/client-sqs');
  readonly #clients = new Map<string, SQSClient>();

  private constructor(options: SqsClientsOptions, sdk: typeof import('@aws-sdk/client-sqs')) {
    this.#options = options;
    this.#sdk = sdk;
  }

  static async load(options: SqsClientsOptions): Promise<SqsClients> {
    return new SqsClients(options, await import('@aws-sdk/client-sqs'));
  }

  /** A client that signs as a principal; the same for the same one. */
  of(principal: Principal): SQSClient {
    const { url: endpoint, keys, closers } = this.#options;
    const id = JSON.stringify(principal);
    const known = this.#clients.get(id);
    if (known) return known;
    const client = new this.#sdk.SQSClient({ endpoint, region: LOCAL_REGION, credentials: keys.mint(principal) });
    closers.add(() => client.destroy());
    this.#clients.set(id, client);
    return client;
  }
}
