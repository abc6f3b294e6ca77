import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { awsError, DeniedError } from '../aws/aws-error.ts';
import { inRegion, regionOf } from '../aws/region.ts';
import { type DeployedStack, stacksOf } from '../aws/stacks.ts';
import { reasonOf } from '../errors.ts';

/** How many functions run at a time in an account and region. */
export interface Concurrency {
  readonly limit: number;
  /** what no function has set aside */
  readonly unreserved: number;
  /** what the stage's own function has set aside at an earlier deployment */
  readonly reservedByStage: number;
}

/** Where a deployment goes, as far as whoever deploys may know it. */
export interface Account {
  readonly id: string;
  readonly region: string;
  /** the ARN of who deploys */
  readonly caller: string;
  /** of the CDK's own stack; 0 where there is none */
  readonly bootstrapVersion?: number | undefined;
  readonly stacks?: readonly DeployedStack[] | undefined;
  readonly concurrency?: Concurrency | undefined;
  /** why something above is absent */
  readonly unchecked: readonly string[];
}

/** The CDK's own, unless its bootstrap was told otherwise. */
const BOOTSTRAP_PARAMETER = '/cdk-bootstrap/hnb659fds/version';

/**
 * Asks AWS about the account of whoever deploys. A role that may deploy and nothing else learns less: what it may not
 * ask is told, and is no reason to stop.
 * @param regionOfStage where the environment and the profile name no region
 * @throws {CliError} when AWS does not tell who asks
 */
export async function readAccount(stage: string, regionOfStage: string | undefined): Promise<Account> {
  const sts = new STSClient(inRegion(undefined));
  const region = await regionOf(sts).catch((error: unknown) => regionOfStage ?? Promise.reject(error));
  const { Account: id, Arn: caller } = await new STSClient({ region })
    .send(new GetCallerIdentityCommand())
    .catch((error: unknown) => Promise.reject(awsError(error, `tell who deploys to ${region}`)));
  const unchecked: string[] = [];
  const asked = <T>(read: Promise<T>): Promise<T | undefined> =>
    read.catch((error: unknown) => {
      if (!(error instanceof DeniedError)) throw error;
      unchecked.push(reasonOf(error));
      return undefined;
    });
  const stacks = await asked(stacksOf(new CloudFormationClient({ region }), stage).then((found) => found.stacks));
  const [bootstrapVersion, concurrency] = await Promise.all([
    asked(bootstrapVersionIn(region)),
    asked(concurrencyIn(region, stacks)),
  ]);
  return { id: id!, region, caller: caller!, bootstrapVersion, stacks, concurrency, unchecked };
}

async function bootstrapVersionIn(region: string): Promise<number> {
  try {
    const { Parameter } = await new SSMClient({ region }).send(new GetParameterCommand({ Name: BOOTSTRAP_PARAMETER }));
    return Number(Parameter!.Value);
  } catch (error) {
    if (error instanceof ParameterNotFound) return 0;
    throw awsError(error, `read ${BOOTSTRAP_PARAMETER} in ${region}`);
  }
}

async function concurrencyIn(region: string, stacks: readonly DeployedStack[] = []): Promise<Concurrency> {
  const lambda = new LambdaClient({ region });
  const own = stacks.flatMap(({ outputs }) => outputs.PredictFunction ?? []);
  try {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand());
    const reserved = await Promise.all(
      own.map((FunctionName) => lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))),
    );
    return {
      limit: AccountLimit!.ConcurrentExecutions!,
      unreserved: AccountLimit!.UnreservedConcurrentExecutions!,
      reservedByStage: reserved.reduce((sum, answer) => sum + (answer.ReservedConcurrentExecutions ?? 0), 0),
    };
  } catch (error) {
    throw awsError(error, `read Lambda's limits in ${region}`);
  }
}
