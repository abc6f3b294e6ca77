import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import type { Context } from './access-request.ts';

/** Who makes a request. */
export interface Principal {
  readonly type: 'operator' | 'session' | 'service';
  /** As refusals call it: the ARN of a session or of the account's root, or a service such as `s3.amazonaws.com`. */
  readonly name: string;
  /** The role of a session. */
  readonly roleArn?: string;
  /** The condition keys that follow from who it is. */
  readonly context: Context;
}

/** Plain HTTP on 127.0.0.1 stands in for TLS, or every policy that demands TLS would refuse all. */
const everyRequest = {
  'aws:RequestedRegion': LOCAL_REGION,
  'aws:ResourceAccount': LOCAL_ACCOUNT,
  'aws:SecureTransport': 'true',
  'aws:ViaAWSService': 'false',
} satisfies Context;

const fromTheAccount = {
  ...everyRequest,
  'aws:PrincipalAccount': LOCAL_ACCOUNT,
  'aws:PrincipalIsAWSService': 'false',
  'aws:SourceIp': '127.0.0.1',
} satisfies Context;

const ROOT_ARN = `arn:aws:iam::${LOCAL_ACCOUNT}:root`;

/** Whoever runs the local cloud: the command line, tests, what applies the template. May do what nothing denies. */
export const operator: Principal = {
  type: 'operator',
  name: ROOT_ARN,
  context: { ...fromTheAccount, 'aws:PrincipalArn': ROOT_ARN, 'aws:PrincipalType': 'Account' },
};

/** Whoever has assumed a role. @param sessionName of a function, its name */
export function roleSession(roleArn: string, sessionName: string): Principal {
  const roleName = roleArn.split('/').at(-1);
  return {
    type: 'session',
    name: `arn:aws:sts::${LOCAL_ACCOUNT}:assumed-role/${roleName}/${sessionName}`,
    roleArn,
    context: { ...fromTheAccount, 'aws:PrincipalArn': roleArn, 'aws:PrincipalType': 'AssumedRole' },
  };
}

/** A service that acts for a resource of the account. @param service such as `s3.amazonaws.com` */
export const servicePrincipal = (service: string, sourceArn: string): Principal => ({
  type: 'service',
  name: service,
  context: {
    ...everyRequest,
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': service,
    'aws:SourceAccount': LOCAL_ACCOUNT,
    'aws:SourceArn': sourceArn,
  },
});
