import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Three attempts within a time that leaves the caller an answer before the gateway gives up after 30 s. */
const patience = { maxAttempts: 3, requestHandler: { connectionTimeout: 1000, requestTimeout: 5000 } };

/** A function that is waited for is asked once, and has nearly all of the time that the gateway gives. */
const oneAttempt = { maxAttempts: 1, requestHandler: { connectionTimeout: 1000, requestTimeout: 27_000 } };

let dynamoDb: DynamoDBDocumentClient | undefined;
let eventBridge: EventBridgeClient | undefined;
let lambda: LambdaClient | undefined;
let s3: S3Client | undefined;
let sqs: SQSClient | undefined;
let stepFunctions: SFNClient | undefined;

/** One client a service and process: connections are kept open from one request to the next. */
export const aws = {
  get dynamoDb(): DynamoDBDocumentClient {
    dynamoDb ??= DynamoDBDocumentClient.from(new DynamoDBClient(patience), {
      marshallOptions: { removeUndefinedValues: true },
    });
    return dynamoDb;
  },
  get eventBridge(): EventBridgeClient {
    eventBridge ??= new EventBridgeClient(patience);
    return eventBridge;
  },
  get lambda(): LambdaClient {
    lambda ??= new LambdaClient(oneAttempt);
    return lambda;
  },
  get s3(): S3Client {
    s3 ??= new S3Client(patience);
    return s3;
  },
  get sqs(): SQSClient {
    sqs ??= new SQSClient(patience);
    return sqs;
  },
  get stepFunctions(): SFNClient {
    stepFunctions ??= new SFNClient(patience);
    return stepFunctions;
  },
};
