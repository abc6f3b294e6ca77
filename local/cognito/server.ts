import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type {
  CreateGroupRequest,
  CreateResourceServerRequest,
  CreateUserPoolClientRequest,
  CreateUserPoolRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import type { JWK } from 'jose';
import { type AwsOperation, awsJson } from '../aws-json.ts';
import { authorizeOperations, type Iam } from '../iam/index.ts';
import { listen } from '../listen.ts';
import type { Clock, Service } from '../service.ts';
import { accountOperations } from './account.ts';
import { adminUserOperations } from './admin-users.ts';
import { operationAccess, refusalStyle } from './authorization.ts';
import { clientOperations, describeClient, ensureClient } from './clients.ts';
import type { CodeDelivery, Cognito, InvokeTrigger } from './context.ts';
import { forgotPasswordOperations } from './forgot-password.ts';
import { describeGroup, ensureGroup, groupOperations } from './groups.ts';
import { SigningKeys } from './keys.ts';
import { listUsersOperations } from './list-users.ts';
import type { Wire } from './model.ts';
import { describePool, ensurePool, poolOperations } from './pools.ts';
import { withRequiredMembers } from './required.ts';
import { ensureResourceServer, resourceServerOperations } from './resource-servers.ts';
import { signInOperations } from './sign-in.ts';
import { signUpOperations } from './sign-up.ts';
import { forgetExpired, openStore } from './store.ts';
import { serveWeb } from './web.ts';
import { jwks } from './well-known.ts';

export interface CognitoOptions {
  /** Where users, sessions and signing keys are kept. */
  readonly dir: string;
  readonly port?: number;
  readonly now?: Clock;
  /** Decides who may administer pools. @default - everybody may */
  readonly iam?: Iam | undefined;
  readonly onFault?: (error: unknown) => void;
  readonly invokeLambda?: InvokeTrigger;
  /** Makes the confirmation code for a destination. @default six random digits, as Cognito's */
  readonly codes?: (destination: string) => string;
  /** Told of each code and temporary password: nothing is sent, and nothing is logged. */
  readonly onCode?: (delivery: CodeDelivery) => void;
}

export interface CognitoService extends Service {
  /** The pool's public keys, for a verifier's `cacheJwks`. */
  jwks(userPoolId: string): Promise<{ keys: JWK[] }>;
  /** Makes the pool what the template says, under the id of the template: at every boot, over kept data. */
  ensureUserPool(input: CreateUserPoolRequest & { id: string }): ReturnType<typeof describePool>;
  /** The same for a client; its secret is made once and kept. */
  ensureUserPoolClient(input: CreateUserPoolClientRequest & { id: string }): ReturnType<typeof describeClient>;
  ensureGroup(input: CreateGroupRequest): ReturnType<typeof describeGroup>;
  ensureResourceServer(input: CreateResourceServerRequest): Wire<CreateResourceServerRequest>;
}

/** Amazon Cognito user pools on this machine, over the data of an earlier run where `dir` has some. */
export async function startCognito(options: CognitoOptions): Promise<CognitoService> {
  const { dir, port, now = Date.now, iam, onFault, onCode = () => {}, codes = sixDigits } = options;
  const store = openStore(dir);
  forgetExpired(store, now());
  const keys = new SigningKeys(join(dir, 'keys'));
  const invokeLambda = options.invokeLambda ?? refuseToInvoke;
  const cognito: Cognito = { store, keys, now, codes, deliver: onCode, invokeLambda };
  const operations = operationsOf(cognito);
  const names = Object.keys(operations);
  const access = { operations: names, access: operationAccess(names), style: refusalStyle };
  const listening = await listen(
    awsJson({
      target: 'AWSCognitoIdentityProviderService',
      version: '1.1',
      errorNamespace: 'com.amazonaws.cognitoidentityprovider',
      operations: withRequiredMembers(operations),
      authorize: iam && authorizeOperations({ iam, ...access }),
      otherwise: (request, response, body) => serveWeb(cognito, { request, response, body, onFault }),
      ...(onFault && { onFault }),
    }),
    port,
  );
  let closing: Promise<void> | undefined;
  const close = async () => {
    await listening.close();
    await keys.settled();
    store.close();
  };
  return {
    url: listening.url,
    close: () => (closing ??= close()),
    jwks: (userPoolId) => jwks(cognito, userPoolId),
    ensureUserPool: ({ id, ...input }) => describePool(cognito, ensurePool(cognito, id, given(input))),
    ensureUserPoolClient: ({ id, ...input }) => describeClient(ensureClient(cognito, id, given(input))),
    ensureGroup: (input) => describeGroup(ensureGroup(cognito, given(input))),
    ensureResourceServer: (input) => ensureResourceServer(cognito, given(input)).config,
  };
}

const operationsOf = (cognito: Cognito): Record<string, AwsOperation> => ({
  ...poolOperations(cognito),
  ...clientOperations(cognito),
  ...groupOperations(cognito),
  ...resourceServerOperations(cognito),
  ...adminUserOperations(cognito),
  ...listUsersOperations(cognito),
  ...signUpOperations(cognito),
  ...forgotPasswordOperations(cognito),
  ...signInOperations(cognito),
  ...accountOperations(cognito),
});

/** An input as if it had come over the wire: JSON has no `undefined`. */
const given = <T>(input: T): Wire<T> => JSON.parse(JSON.stringify(input)) as Wire<T>;

const sixDigits = () => String(randomInt(1_000_000)).padStart(6, '0');

const refuseToInvoke = (functionArn: string) => Promise.reject(new Error(`no function is wired for ${functionArn}`));
