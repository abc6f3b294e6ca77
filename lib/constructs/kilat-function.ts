import { type FunctionEnv, type FunctionName, functionEnv } from '@kilat/contracts';
import { Duration, RemovalPolicy, Size, Token, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type FunctionOptions, type Function as Lambda, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { Stage } from '../stage.ts';

export interface FunctionCode {
  /** becomes LAMBDA_TASK_ROOT */
  readonly folder: string;
  readonly handler: string;
}

export interface KilatFunctionProps<N extends FunctionName> extends Omit<FunctionCode, 'handler'> {
  readonly name: N;
  /** Of several in one folder, the function's own. @default index.handler */
  readonly handler?: string;
  readonly stage: Stage;
  readonly description: string;
  /** @default Size.mebibytes(256) - enough for a function that waits for others */
  readonly memory?: Size;
  /** @default Duration.seconds(10) */
  readonly timeout?: Duration;
  /** @default Architecture.ARM_64 - a fifth cheaper, and plain JavaScript does not care */
  readonly architecture?: Architecture;
  /** @default - shares what the account has */
  readonly concurrency?: number;
}

/** A function that counts what its callers use. */
export type CountingFunction = KilatFunction<
  { [N in FunctionName]: 'QUOTAS' extends keyof FunctionEnv<N> ? N : never }[FunctionName]
>;

export class FunctionEnvError extends Error {
  override readonly name = 'FunctionEnvError';
}

/** A function with the environment that its schema asks for, a role of its own, its log and its traces. */
export abstract class KilatFunction<N extends FunctionName = FunctionName> extends Construct implements IGrantable {
  readonly lambda: Lambda;
  readonly grantPrincipal: IPrincipal;
  readonly name: N;
  readonly #schema: Readonly<Record<string, z.ZodType>>;
  readonly #unset: Set<string>;

  constructor(scope: Construct, id: string, props: KilatFunctionProps<N>) {
    super(scope, id);
    this.name = props.name;
    this.#schema = functionEnv[props.name].shape;
    this.#unset = new Set(Object.keys(this.#schema));
    this.node.addValidation({ validate: () => this.#missing() });
    this.lambda = this.createLambda({ handler: 'index.handler', ...props }, this.#options(props));
    this.grantPrincipal = this.lambda.grantPrincipal;
    this.#set('STAGE', props.stage.name);
    this.#set('LOG_LEVEL', props.stage.logLevel);
    this.#acknowledge();
  }

  protected abstract createLambda(code: FunctionCode, options: FunctionOptions): Lambda;

  /**
   * Tells the function a value and allows what it does with it, in one act.
   * @throws {FunctionEnvError} when the key was used before, or the handler's schema refuses the value
   */
  use(key: keyof FunctionEnv<N> & string, value: string, grant?: (grantee: this) => void): this {
    this.#set(key, value);
    grant?.(this);
    return this;
  }

  /** Allows to call it and wait for what it says. */
  grantInvoke(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [this.lambda.functionArn] });
  }

  #set(key: string, value: string): void {
    if (!this.#unset.delete(key)) throw new FunctionEnvError(`function '${this.name}' was told ${key} before`);
    if (!Token.isUnresolved(value)) this.#assertAccepted(key, value); // a token's value is known at deployment alone
    this.lambda.addEnvironment(key, value);
  }

  #assertAccepted(key: string, value: string): void {
    const { error } = this.#schema[key]!.safeParse(value);
    if (error) throw new FunctionEnvError(`function '${this.name}', ${key}: ${error.issues[0]!.message}`);
  }

  #missing(): string[] {
    return [...this.#unset].map((key) => `function '${this.name}' is not told ${key}`);
  }

  #options({ stage, description, memory, timeout, architecture, concurrency }: KilatFunctionProps<N>): FunctionOptions {
    const logGroup = new LogGroup(this, 'Logs', {
      retention: stage.logRetentionDays,
      removalPolicy: stage.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    return {
      description,
      role,
      logGroup,
      tracing: Tracing.ACTIVE,
      architecture: architecture ?? Architecture.ARM_64,
      memorySize: (memory ?? Size.mebibytes(256)).toMebibytes(),
      timeout: timeout ?? Duration.seconds(10),
      ...(concurrency === undefined ? {} : { reservedConcurrentExecutions: concurrency }),
    };
  }

  #acknowledge(): void {
    Validations.of(this).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray takes traces for no resource that could be named' },
      {
        id: 'Serverless-LambdaDLQ',
        reason: 'nothing invokes it and leaves: its caller waits for the answer, or a queue keeps what failed',
      },
    );
  }
}
