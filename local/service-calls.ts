import { AwsError } from './aws-json.ts';
import type { Credentials, Keyring, Principal } from './iam/index.ts';
import type { Json } from './json.ts';
import { LOCAL_REGION, type Service } from './service.ts';
import type { ServiceCall } from './stepfunctions/index.ts';

interface Api {
  readonly target: string;
  readonly version: string;
}

const APIS: Readonly<Record<ServiceCall['service'], Api>> = {
  sqs: { target: 'AmazonSQS', version: '1.0' },
  dynamodb: { target: 'DynamoDB_20120810', version: '1.0' },
  eventbridge: { target: 'AWSEvents', version: '1.1' },
};

/** A call as a state machine's task, a rule's or a schedule's target makes it: JSON in, JSON out. */
export type CallService = (call: Omit<ServiceCall, 'roleArn'>, caller: Principal) => Promise<Json>;

type Services = Readonly<Record<ServiceCall['service'], Pick<Service, 'url'>>>;

/** Reaches the services over HTTP, as any client does. The call throws `AwsError` for what a service refuses. */
export function serviceCalls(services: Services, keys: Keyring): CallService {
  const sessions = new Map<string, Required<Credentials>>();
  const credentialsOf = (caller: Principal): Required<Credentials> => {
    const id = JSON.stringify(caller);
    const credentials = sessions.get(id) ?? keys.mint(caller);
    sessions.set(id, credentials);
    return credentials;
  };
  return async ({ service, operation, input }, caller) => {
    const { target, version } = APIS[service];
    const response = await fetch(services[service].url, {
      method: 'POST',
      headers: {
        'content-type': `application/x-amz-json-${version}`,
        'x-amz-target': `${target}.${operation}`,
        ...authorization(service, credentialsOf(caller)),
      },
      body: JSON.stringify(input),
    });
    const body = (await response.json()) as Json;
    if (response.ok) return body;
    const { __type, message, Message } = body as { readonly [member: string]: string };
    throw new AwsError(__type?.split('#').at(-1) ?? '', message ?? Message ?? '', { status: response.status });
  };
}

/** Says who calls. The signature is not checked by these services, so none is made. */
function authorization(service: string, { accessKeyId, sessionToken }: Required<Credentials>): Record<string, string> {
  const date = new Date().toISOString().replace(/[:-]|\.\d+/g, '');
  const scope = `${accessKeyId}/${date.slice(0, 8)}/${LOCAL_REGION}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    'x-amz-date': date,
    'x-amz-security-token': sessionToken,
  };
}
