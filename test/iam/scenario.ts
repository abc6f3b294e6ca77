import type { UploadForm } from '@kilat/contracts';
import type { OwnCloud } from '../support/own-cloud.ts';
import { Tenant } from './tenant.ts';

/** What somebody does, of which one step needs the grant. It may fail: the grant is withheld. */
export type Scenario = (cloud: OwnCloud, tenant: Tenant) => Promise<unknown>;

/** A function remembers the plans of tenants that it knows, and a tenant's model is trained once at a time. */
export const byNewTenant =
  (scenario: Scenario): Scenario =>
  (cloud) =>
    scenario(cloud, new Tenant(cloud));

export const get =
  (path: string, group: 'user' | 'admin' = 'user'): Scenario =>
  (_, tenant) =>
    tenant.call(path, { group });

export const inTurn =
  (...steps: Scenario[]): Scenario =>
  async (cloud, tenant) => {
    for (const step of steps) await step(cloud, tenant);
  };

/** @returns the key of what was uploaded */
export async function uploaded(tenant: Tenant, content: Buffer, type: string): Promise<string> {
  const { body } = await tenant.post('/v1/uploads', { media_type: type }, { group: 'admin' });
  const [form] = body.uploads as UploadForm[];
  const fields = new FormData();
  for (const [name, value] of Object.entries(form!.fields)) fields.set(name, value);
  fields.set('file', new Blob([new Uint8Array(content)], { type }));
  await fetch(form!.url, { method: 'POST', body: fields });
  return form!.key;
}
