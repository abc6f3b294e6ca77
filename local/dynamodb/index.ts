export { type DynamoDbOptions, type DynamoDbService, startDynamoDb } from './dynamodb-service.ts';
