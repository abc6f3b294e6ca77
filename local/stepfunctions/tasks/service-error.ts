import { AwsError } from '../../aws-json.ts';
import { StatesError } from '../states-error.ts';

/** How the SDK for Java, which Step Functions uses, calls errors: by service, and where no class is made for them. */
export const errorNames = {
  lambda: { prefix: 'Lambda', other: 'AWSLambdaException' },
  sqs: { prefix: 'SQS', other: 'AmazonSQSException' },
  dynamodb: { prefix: 'DynamoDB', other: 'AmazonDynamoDBException' },
  eventbridge: { prefix: 'EventBridge', other: 'AmazonEventBridgeException' },
} as const;

/** Refusals of any service, for which the SDK has no class. */
const WITHOUT_CLASS: ReadonlySet<string> = new Set([
  ...['AccessDenied', 'AccessDeniedException', 'InvalidParameterCombination', 'InvalidParameterValue'],
  ...['MissingParameter', 'SerializationException', 'ValidationException'],
]);

/** A refusal as the error that retriers and catchers see; what is no refusal stays as it is. */
export function serviceError(service: keyof typeof errorNames, error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const { prefix, other } = errorNames[service];
  const named = error.code.endsWith('Exception') ? error.code : `${error.code}Exception`;
  return new StatesError(`${prefix}.${WITHOUT_CLASS.has(error.code) ? other : named}`, error.message);
}
