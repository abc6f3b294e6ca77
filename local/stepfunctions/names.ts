import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import { invalidArn, invalidName } from './refusals.ts';

const PREFIX = `arn:aws:states:${LOCAL_REGION}:${LOCAL_ACCOUNT}`;

export const stateMachineArn = (name: string): string => `${PREFIX}:stateMachine:${name}`;
export const executionArn = (stateMachine: string, name: string): string =>
  `${PREFIX}:execution:${stateMachine}:${name}`;

export const nameIn = (arn: string): string => arn.split(':').at(-1)!;

/** @throws {AwsError} InvalidArn */
export const assertStateMachineArn = (arn: unknown): string =>
  matching(arn, /^arn:aws:states:[^:]*:[^:]*:stateMachine:\S+$/);

/** @throws {AwsError} InvalidArn */
export const assertExecutionArn = (arn: unknown): string =>
  matching(arn, /^arn:aws:states:[^:]*:[^:]*:execution:[^:\s]+:[^:\s]+$/);

function matching(arn: unknown, pattern: RegExp): string {
  if (typeof arn !== 'string' || !pattern.test(arn)) throw invalidArn(String(arn));
  return arn;
}

/** Of what the name may not hold, besides white space and control characters. */
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** @throws {AwsError} InvalidName */
export function assertName(name: unknown): string {
  if (typeof name !== 'string' || name.length < 1 || name.length > 80 || FORBIDDEN.test(name)) {
    throw invalidName(String(name));
  }
  return name;
}
