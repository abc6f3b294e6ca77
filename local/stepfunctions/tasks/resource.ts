/** What a task's `Resource` names: a function, or what an integration calls. */
export type TaskResource =
  | { readonly kind: 'function'; readonly functionArn: string }
  | {
      readonly kind: 'integration';
      /** e.g. `lambda` */
      readonly service: string;
      /** e.g. `invoke`; with `.sync` or `.waitForTaskToken` where it has that */
      readonly resource: string;
    };

const TOKEN = '.waitForTaskToken';

/** @returns undefined for an ARN of another kind */
export function parseResource(arn: string): TaskResource | undefined {
  if (/^arn:aws[a-z-]*:lambda:[^:]*:[^:]*:function:/.test(arn)) return { kind: 'function', functionArn: arn };
  const [, service, resource] = /^arn:aws[a-z-]*:states:[^:]*:[^:]*:([^:]+):(.+)$/.exec(arn) ?? [];
  if (!service || !resource || service === 'activity') return undefined;
  return { kind: 'integration', service, resource };
}

export const waitsForToken = (resource: TaskResource): boolean =>
  resource.kind === 'integration' && resource.resource.endsWith(TOKEN);

/** e.g. `sqs:sendMessage`, without what is waited for afterwards. */
export const integrationName = ({ service, resource }: Extract<TaskResource, { kind: 'integration' }>): string =>
  `${service}:${resource.endsWith(TOKEN) ? resource.slice(0, -TOKEN.length) : resource}`;
