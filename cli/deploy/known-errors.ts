/** Where a deployment went wrong before, and what a person does about it. */
interface KnownError {
  /** found in what `cdk deploy` printed: its exit code says nothing, and there is no other sign */
  readonly sign: RegExp;
  readonly todo: (found: RegExpExecArray) => string;
}

const deleteStack = (stack: string): string => `aws cloudformation delete-stack --stack-name ${stack}`;

/** What failed comes before what follows from it: causes are listed first. */
const knownErrors: readonly KnownError[] = [
  {
    sign: /Source image (\S+) does not exist/,
    todo: ([, image]) =>
      `The image ${image} is not in the registry: its push did not end, or it was deleted there. Deploy again, which ` +
      'builds and pushes what is missing. Where it stays away, its tag is kept for another: look at the repository ' +
      'cdk-hnb659fds-container-assets-ACCOUNT-REGION.',
  },
  {
    sign: /Specified (?:Reserved)?ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of \[(\d+)]/,
    todo: () =>
      'The stage sets more executions aside than this account may: new accounts run as few as 10 at a time. Remove ' +
      "inferenceConcurrency from the stage's settings in lib/stage.ts, or ask for more: aws service-quotas " +
      'request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000.',
  },
  {
    sign: /'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to (\d+)/,
    todo: ([, most]) =>
      `This account gives a function ${most} MiB at most, as new ones do. Set inferenceMemoryMiB in lib/stage.ts to no ` +
      'more, or ask AWS Support to raise the limit.',
  },
  {
    sign: /SSM parameter \/cdk-bootstrap\/\S+ not found|doesn't have the CDK toolkit stack/,
    todo: () => 'The CDK is not bootstrapped there: run npx cdk bootstrap aws://ACCOUNT/REGION once, and deploy again.',
  },
  {
    sign: /Cannot connect to the Docker daemon|Unable to execute '\S+' in order to build|Failed to find and execute '\S+'|spawnSync \S+ ENOENT/,
    todo: () => 'Nothing builds the image here: start Docker, or name a compatible builder with CDK_DOCKER.',
  },
  {
    sign: /exec format error/,
    todo: () =>
      'The image is for another processor than this machine has. Let Docker emulate it (docker run --privileged --rm ' +
      'tonistiigi/binfmt --install all), or set inferenceArchitecture in lib/stage.ts.',
  },
  {
    sign: /security token included in the request is expired|ExpiredToken/,
    todo: () => 'The AWS credentials have expired: sign in anew (aws sso login) and deploy again.',
  },
  {
    sign: /Unable to resolve AWS account to use|no credentials have been configured/,
    todo: () => 'No AWS credentials were found: sign in (aws sso login, aws configure) or set AWS_PROFILE.',
  },
  {
    sign: /but the current credentials are for (\d{12})/,
    todo: ([, account]) =>
      `The stage belongs to another account than ${account}: name its profile with AWS_PROFILE, or change account in lib/stage.ts.`,
  },
  {
    sign: /is not authorized to perform: (\S+)/,
    todo: ([, action]) =>
      `Somebody may not do ${action}: whoever deploys, or the CDK's execution role. Allow it there, or bootstrap with ` +
      'the policies that the stage needs (npx cdk bootstrap --cloudformation-execution-policies ARN).',
  },
  {
    sign: /The stack named (\S+) failed creation, it may need to be manually deleted/,
    todo: ([, stack]) =>
      `${stack} is half created and takes no update. Mend what is said above it, then delete it (${deleteStack(stack!)}) and deploy again.`,
  },
  {
    sign: /(\S+) is in ROLLBACK_(?:COMPLETE|FAILED) state and can ?not be updated/,
    todo: ([, stack]) => `That stack is half created: delete it (${deleteStack(nameIn(stack!))}) and deploy again.`,
  },
  {
    sign: /(\S+) is in UPDATE_ROLLBACK_FAILED state and can ?not be updated/,
    todo: ([, stack]) =>
      'That stack could be neither updated nor taken back: mend what its events name, then ' +
      `aws cloudformation continue-update-rollback --stack-name ${nameIn(stack!)}, and deploy again.`,
  },
];

/** A stack is named by itself, or by its ARN: `Stack:arn:aws:cloudformation:…:stack/NAME/ID`. */
const nameIn = (stack: string): string => /:stack\/([^/]+)\//.exec(stack)?.[1] ?? stack.replace(/^Stack:/, '');

/** What to do about each known error in an output. */
export const explain = (output: string): string[] =>
  knownErrors.flatMap(({ sign, todo }) => {
    const found = sign.exec(output);
    return found ? [todo(found)] : [];
  });
