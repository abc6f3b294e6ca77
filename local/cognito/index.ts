export type { CodeDelivery, InvokeTrigger } from './context.ts';
export { type CognitoOptions, type CognitoService, startCognito } from './server.ts';
