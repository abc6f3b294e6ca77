export { bootLocalCloud, type LocalCloud, type LocalCloudOptions } from './cloud.ts';
export { writeConnectionFile } from './connection-file.ts';
export { type DemoRole, demoUsers, seedDemoUsers } from './demo.ts';
export { LocalCloudError } from './errors.ts';
export { greeting } from './greeting.ts';
export type { RequestFacts } from './http-api/index.ts';
export { type Refusal, refusalMessage } from './iam/index.ts';
export type { LogRecord } from './lambda/index.ts';
export { codeLine, requestLine } from './request-line.ts';
