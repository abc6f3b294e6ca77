import type { DeployedStack } from './stacks.ts';

/** What a deployment does about a stack: goes on, goes on and says why it may, or stops. */
export type StatusVerdict =
  | { readonly kind: 'ready' }
  | { readonly kind: 'note' | 'stop'; readonly what: string; readonly todo: string };

const READY: readonly string[] = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE', // the update before failed and was taken back: the stack is as it was, and takes another
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
];

const command = (operation: string, { name }: DeployedStack, rest = ''): string =>
  `aws cloudformation ${operation} --stack-name ${name}${rest}`;

/** Where CloudFormation wrote down what failed. */
const events = (stack: DeployedStack): string => command('describe-stack-events', stack);

/**
 * The CDK deletes such a stack by itself and makes it anew. But the reason goes with it, a protected stack stays, and
 * what is retained is left behind for the next one to meet: a person should see it first.
 */
const halfCreated = (stack: DeployedStack): StatusVerdict => ({
  kind: 'stop',
  what: 'its first creation failed, and nothing can be done with what is left of it',
  todo:
    `read why (${events(stack)}), mend it, delete the stack (${command('delete-stack', stack)}; where that is refused, ` +
    `first ${command('update-termination-protection', stack, ' --no-enable-termination-protection')}) and deploy again`,
});

const paused = (stack: DeployedStack): StatusVerdict => ({
  kind: 'stop',
  what: 'a deployment with --no-rollback failed, and waits for a decision',
  todo: `take it back with ${command('rollback-stack', stack)}, then deploy again`,
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html */
const verdicts: Readonly<Record<string, (stack: DeployedStack) => StatusVerdict>> = {
  ROLLBACK_COMPLETE: halfCreated,
  ROLLBACK_FAILED: halfCreated,
  CREATE_FAILED: paused,
  UPDATE_FAILED: paused,
  UPDATE_ROLLBACK_FAILED: (stack) => ({
    kind: 'stop',
    what: 'an update failed, and so did taking it back',
    todo:
      `read which resource would not go back (${events(stack)}), mend it, then ${command('continue-update-rollback', stack)}` +
      ' (with --resources-to-skip LOGICAL_ID for what cannot be mended) and deploy again',
  }),
  DELETE_FAILED: (stack) => ({
    kind: 'stop',
    what: 'it was to be deleted, and something in it would not go',
    todo:
      `read what (${events(stack)}), empty or release it, then ${command('delete-stack', stack)}` +
      ' (with --retain-resources LOGICAL_ID for what is to stay)',
  }),
  REVIEW_IN_PROGRESS: (stack) => ({
    kind: 'note',
    what: 'an earlier deployment stopped before it made anything; this one goes on from there',
    todo: `to forget it instead: ${command('delete-stack', stack)}`,
  }),
};

const inProgress = (stack: DeployedStack): StatusVerdict => ({
  kind: 'stop',
  what: 'another deployment or deletion is at work on it',
  todo: `wait until it has ended (${command('describe-stacks', stack, " --query 'Stacks[0].StackStatus'")}) and deploy again`,
});

/** What a stack's status means to whoever wants to deploy it. */
export function verdictOf(stack: DeployedStack): StatusVerdict {
  if (READY.includes(stack.status)) return { kind: 'ready' };
  const known = verdicts[stack.status];
  if (known) return known(stack);
  if (stack.status.endsWith('_IN_PROGRESS')) return inProgress(stack);
  return { kind: 'stop', what: 'this status is not known here', todo: `look at ${events(stack)}` };
}
