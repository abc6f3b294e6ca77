import { routes } from '@kilat/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import type { Refusal } from '../../local/index.ts';
import { declaredGrants, type NamedGrant } from '../support/declared-grants.ts';
import { eventually } from '../support/eventually.ts';
import { bootOwnCloud } from '../support/own-cloud.ts';
import { explained } from './explained.ts';
import type { Scenario } from './scenario.ts';
import { scenarios, together } from './scenarios.ts';
import { Tenant } from './tenant.ts';

const cloud = await bootOwnCloud();
afterAll(() => cloud.close());

const tenant = new Tenant(cloud);
const declared = declaredGrants(cloud.declarations);
const isExplained = ({ title }: NamedGrant) => explained.some(({ grants }) => grants.test(title));

const known = declared.filter(isExplained);
const needed = declared.filter((grant) => !isExplained(grant));
/** Two routes of one path have a permission each, of the same words. */
const tested = [...new Map(needed.map((grant) => [grant.title, grant])).values()];

describe('a grant of the template', () => {
  it.each(tested)('is needed, and its want is heard of: $title', async ({ title, grant }) => {
    await Promise.all([tenant.token('user'), tenant.token('admin')]);
    const before = cloud.refusals.length;
    const others = declared.filter((other) => other.title === together[title]);
    const restore = [{ grant }, ...others].map((withheld) => cloud.iam.withhold(withheld.grant));

    try {
      await scenarioOf(title)(cloud, tenant).catch(() => {});
      await eventually(async () => cloud.refusals.slice(before).find((refusal) => isFor(grant, refusal)), 10_000);
    } finally {
      for (const giveBack of restore) giveBack();
    }
  });
});

function isFor({ holder, action, resource }: NamedGrant['grant'], { principal, request }: Refusal): boolean {
  const isHolders = principal.type === 'service' || principal.roleArn === holder;
  const [start = '', ...rest] = resource.split('*');
  const isCovered = rest.length > 0 ? request.resource.startsWith(start) : request.resource === resource;
  return isHolders && request.action === action && isCovered;
}

/** That a route may invoke its function is tried by calling it. */
function scenarioOf(title: string): Scenario {
  const path = /^apigateway.* for route (.*)$/.exec(title)?.[1];
  if (path === undefined) return scenarios[title] ?? noScenario(title);
  const route = Object.values(routes).find((candidate) => candidate.path === path);
  const method = route?.method ?? 'GET';
  return (_, caller) => caller.call(path.replaceAll(/\{\w+\}/g, 'x') || '/no/such/route', { method });
}

function noScenario(title: string): never {
  throw new Error(`no scenario needs '${title}': add one, or take the grant away`);
}

it('has no explanation of a grant that there is not', () => {
  const idle = explained.filter(({ grants }) => !known.some(({ title }) => grants.test(title)));

  expect(idle).toEqual([]);
});

it('has no scenario of a grant that there is not', () => {
  const titles = declared.map(({ title }) => title);

  expect(Object.keys(scenarios).filter((title) => !titles.includes(title))).toEqual([]);
});
