import { AwsError } from './aws-json.ts';
import type { Json } from './json.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION, type Service } from './service.ts';
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

/** A call under a role, as a state machine's task, a rule's or a schedule's target makes it: JSON in, JSON out. */
export type CallService = (call: ServiceCall) => Promise<Json>;

/** Reaches the services over HTTP, as any client does. The call throws `AwsError` for what a service refuses. */
export const serviceCalls =
  (services: Readonly<Record<ServiceCall['service'], Pick<Service, 'url'>>>): CallService =>
  async ({ service, operation, input, roleArn }) => {
    const { target, version } = APIS[service];
    const response = await fetch(services[service].url, {
      method: 'POST',
      headers: {
        'content-type': `application/x-amz-json-${version}`,
        'x-amz-target': `${target}.${operation}`,
        ...authorization(service, roleArn),
      },
      body: JSON.stringify(input),
    });
    const body = (await response.json()) as Json;
    if (response.ok) return body;
    const { __type, message, Message } = body as { readonly [member: string]: string };
    throw new AwsError(__type?.split('#').at(-1) ?? '', message ?? Message ?? '', { status: response.status });
  };

/** Says who calls. The signature is not checked by these services, so none is made. */
function authorization(service: string, roleArn: string): Record<string, string> {
  const date = new Date().toISOString().replace(/[:-]|\.\d+/g, '');
  const scope = `${accessKeyOf(roleArn)}/${date.slice(0, 8)}/${LOCAL_REGION}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    'x-amz-date': date,
  };
}

/** Roles have no credentials of their own as long as nobody checks what they may do. */
const accessKeyOf = (_roleArn: string): string => LOCAL_CREDENTIALS.accessKeyId;
