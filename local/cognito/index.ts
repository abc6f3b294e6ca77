export type { CodeDelivery } from './context.ts';
export { type CognitoOptions, type CognitoService, startCognito } from './server.ts';
