import { readFile } from 'node:fs/promises';
import { ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Run } from '@kilat/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, endpoint, tokenOfNewUser } from '../support/api.ts';
import { putInbox } from '../support/jobs.ts';
import { sharedPath } from '../support/shared-data.ts';
import { hasTelco } from '../support/telco.ts';
import { train, trained, trainedModel } from '../support/training.ts';

const newTenant = (): string => `t-${crypto.randomUUID().slice(0, 8)}`;
const sourceOf = (tenant: string, name: string): string => `sources/${tenant}/${name}`;

/** IBM's customers as they were published: a header, and a line for each. */
const telcoLines = async (): Promise<string[]> =>
  (await readFile(sharedPath('data/telco/Telco-Customer-Churn.csv'), 'utf8')).trim().split(/\r?\n/);

const failed = ({ expectations = [] }: Run): string[] =>
  expectations.filter(({ passed, severity }) => !passed && severity === 'error').map(({ name }) => name);

/** An admin of a tenant of their own, who has laid a file down. */
async function adminWith(lines: readonly string[]): Promise<{ admin: string; source: string; tenant: string }> {
  const tenant = newTenant();
  const source = sourceOf(tenant, 'customers.csv');
  await putInbox(source, lines.join('\n'));
  return { admin: (await tokenOfNewUser(tenant, 'admin')).access, source, tenant };
}

const versionsOf = async (token: string): Promise<{ model_version: string; aliases: string[]; sha256: string }[]> =>
  (await call('/v1/models/versions?model=churn', { token })).body.versions;

describe.skipIf(!hasTelco)('training on the customers of a telephone company', () => {
  let admin: string;
  let source: string;
  let run: Run;
  beforeAll(async () => {
    ({ admin, source } = await adminWith(await telcoLines()));
    run = await trainedModel(admin, 'churn', { source });
  }, 120_000);

  it('reaches the AUC and the calibration that such customers allow', () => {
    expect(run).toMatchObject({ state: 'succeeded', step: 'notify', dataset_rows: 7043 });
    expect(run.estimate!.roc_auc!.value).toBeGreaterThanOrEqual(0.845);
    expect(run.estimate!.roc_auc!.value).toBeLessThan(0.86); // more would be a leak
    expect(run.estimate!.expected_calibration_error!.value).toBeLessThanOrEqual(0.02);
  });

  it('makes a champion of a model that knows them better than the one that came with the deployment', async () => {
    expect(run.decision).toMatchObject({ alias: 'champion' });
    expect(run.metrics!.roc_auc!.value).toBeGreaterThan(run.champion_metrics!.roc_auc!.value);

    const { body: version } = await call(`/v1/models/churn/versions/${run.version}`, { token: admin });
    expect(version).toMatchObject({
      aliases: ['champion'],
      lineage: { origin: 'trained', run_id: run.run_id, dataset_sha256: run.dataset_sha256, parent_version: '1' },
    });
    const { body: audit } = await call('/v1/models/churn/audit', { token: admin });
    expect(audit.items[0]).toMatchObject({ action: 'promote', version: run.version, by: 'training' });
  });

  it('gives the same files when it is done again, of which the twin is no better', async () => {
    const again = await trainedModel(admin, 'churn', { source });

    const sha256 = new Map((await versionsOf(admin)).map((version) => [version.model_version, version.sha256]));
    expect(again.dataset_sha256).toBe(run.dataset_sha256);
    expect(sha256.get(again.version!)).toBe(sha256.get(run.version!));
    expect(again.decision).toMatchObject({ alias: 'challenger' });
  }, 120_000);

  it('takes the rows of the last run where no source is named', async () => {
    const again = await trainedModel(admin, 'churn', { promotion: 'manual' });

    expect([again.state, again.dataset_sha256]).toEqual(['succeeded', run.dataset_sha256]);
  }, 120_000);

  it('draws what people look at', async () => {
    expect(run.artefacts).toEqual(expect.arrayContaining(['roc.svg', 'roc.png', 'validation.html', 'report.html']));

    const { body } = await call(`/v1/runs/${run.run_id}/artefacts/report.html`, { token: admin });
    expect((await fetch(body.url)).status).toBe(200);
  });

  it('is one execution of one state machine, under the name of the run', async () => {
    const sfn = new SFNClient(endpoint('stepfunctions'));
    const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));

    const { stateMachineArn } = stateMachines[0]!;
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: stateMachineArn! }));
    expect(executions.find(({ name }) => name === run.run_id)?.status).toBe('SUCCEEDED');
  });
});

describe.skipIf(!hasTelco)('validation', () => {
  it.each([
    [
      'a column that copies the target',
      ([header, ...rows]: string[]) => [
        `${header},Cancelled`,
        ...rows.map((row) => `${row},${row.endsWith('Yes') ? 'left' : 'stayed'}`),
      ],
      ['known_columns', 'no_leakage'],
    ],
    [
      'a known column that was overwritten by the target',
      ([header, ...rows]: string[]) => [
        header!,
        ...rows.map((row) => {
          const cells = row.split(',');
          cells[5] = row.endsWith('Yes') ? '1' : '60'; // tenure
          return cells.join(',');
        }),
      ],
      ['no_leakage'],
    ],
    [
      'rows of one class that were drawn again before the split',
      ([header, ...rows]: string[]) => {
        const leavers = rows.filter((row) => row.endsWith('Yes'));
        const copies = leavers.map((row, index) => `copy-${index},${row.split(',').slice(1).join(',')}`);
        return [header!, ...rows, ...copies];
      },
      ['not_resampled', 'held_out_apart'],
    ],
  ])('catches %s, and touches nothing', async (_, plant, names) => {
    const { admin, source } = await adminWith(plant(await telcoLines()));

    const run = await trainedModel(admin, 'churn', { source });

    expect([run.state, run.step, run.version]).toEqual(['rejected', 'notify', undefined]);
    expect(failed(run)).toEqual(expect.arrayContaining(names));
    expect(run.artefacts).toContain('validation.html');
    expect(await versionsOf(admin)).toHaveLength(1);
  });
});

describe('a request for training', () => {
  it('is refused to whoever is no admin', async () => {
    const { access } = await tokenOfNewUser(newTenant());

    expect((await train(access, 'churn')).body).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it("is refused where it names another tenant's file", async () => {
    const { access } = await tokenOfNewUser(newTenant(), 'admin');

    const { body } = await train(access, 'churn', { source: sourceOf('somebody-else', 'customers.csv') });

    expect(body).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('is refused while the model is being trained', async () => {
    const { admin, source } = await adminWith(['customerID,Churn', '1,No']);
    const [first, second] = [await train(admin, 'churn', { source }), await train(admin, 'churn', { source })];

    expect([first.status, first.headers.get('location')]).toEqual([202, `/v1/runs/${first.body.run_id}`]);
    expect(second.body).toMatchObject({ status: 409, code: 'run-in-progress' });
    await trained(admin, first.body.run_id);
    expect((await train(admin, 'churn', { source })).status).toBe(202);
  });

  it('of a file that is not there ends as failed, and says so', async () => {
    const { admin, tenant } = await adminWith(['customerID,Churn']);

    const run = await trainedModel(admin, 'churn', { source: sourceOf(tenant, 'nothing.csv') });

    expect(run).toMatchObject({
      state: 'failed',
      step: 'snapshot',
      problem: { code: 'source-not-found', detail: `nothing is at '${sourceOf(tenant, 'nothing.csv')}'` },
    });
  });
});
