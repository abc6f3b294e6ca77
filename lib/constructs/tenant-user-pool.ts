import { type Group, groups, TENANT_ATTRIBUTE } from '@kilat/contracts';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  StringAttribute,
  UserPool,
  type UserPoolClient,
  UserPoolOperation,
  type UserPoolProps,
} from 'aws-cdk-lib/aws-cognito';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface TenantUserPoolProps {
  /** writes the user's tenant into the access token */
  readonly preToken: IFunction;
  /** true: whoever has an e-mail address may sign up; the trigger makes them a tenant of their own */
  readonly selfSignUp: boolean;
  /** true: the pool outlives its stack and refuses deletion */
  readonly retainData: boolean;
}

/** A group of lower precedence wins where a user is in both. */
const precedence: Record<Group, number> = { admin: 0, user: 10 };

const customTenant = `custom:${TENANT_ATTRIBUTE}`;

const signIn = {
  signInAliases: { email: true },
  signInCaseSensitive: false,
  autoVerify: { email: true },
  keepOriginal: { email: true }, // a changed address counts once it is confirmed
  accountRecovery: AccountRecovery.EMAIL_ONLY,
  mfa: Mfa.OPTIONAL,
  mfaSecondFactor: { otp: true, sms: false },
  passwordPolicy: {
    minLength: 12,
    requireLowercase: true,
    requireUppercase: true,
    requireDigits: true,
    requireSymbols: true,
    tempPasswordValidity: Duration.days(3),
  },
} satisfies UserPoolProps;

/** The users of all tenants, their groups, and the one client they sign in through. */
export class TenantUserPool extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, { preToken, selfSignUp, retainData }: TenantUserPoolProps) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      ...signIn,
      selfSignUpEnabled: selfSignUp,
      featurePlan: FeaturePlan.ESSENTIALS, // the lightest that lets a trigger change the access token
      customAttributes: { [TENANT_ATTRIBUTE]: new StringAttribute({ minLen: 1, maxLen: 64, mutable: true }) },
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, preToken, LambdaVersion.V2_0);
    for (const name of Object.keys(groups) as Group[]) {
      this.pool.addGroup(`Group-${name}`, { groupName: groups[name], precedence: precedence[name] });
    }
    this.client = this.#addClient();
    this.#acknowledge();
  }

  #addClient(): UserPoolClient {
    return this.pool.addClient('Client', {
      authFlows: { userPassword: true, userSrp: true },
      generateSecret: false, // browsers and scripts cannot keep one
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ email: true, emailVerified: true, fullname: true })
        .withCustomAttributes(customTenant),
      // The tenant is not among them: whoever could write it could enter any tenant.
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true, fullname: true }),
    });
  }

  #acknowledge(): void {
    Validations.of(this.pool).acknowledge(
      { id: 'AwsSolutions-COG2', reason: 'each user may turn on a second factor; scripts sign in too, and have none' },
      {
        id: 'AwsSolutions-COG8',
        reason: 'the Plus plan is billed for every user, and the password policy stands without it',
      },
    );
  }
}
