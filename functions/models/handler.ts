import { join } from 'node:path';
import { newPredictionId, now } from '@kilat/adapters/clock';
import { modelCards } from '@kilat/adapters/model-cards';
import { readManifests } from '@kilat/adapters/model-folder';
import { quotaPorts } from '@kilat/adapters/quota-ports';
import { modelFileStore, uploadedFiles } from '@kilat/adapters/registrations';
import { registryStore } from '@kilat/adapters/registry-store';
import { verifier } from '@kilat/adapters/verifier';
import { type AliasState, ETAG_HEADER, etagOf } from '@kilat/contracts';
import {
  listAudit,
  listVersions,
  moverOf,
  promote,
  quotaOf,
  registerModel,
  registryOf,
  rollBack,
  showChampion,
  showVersion,
  withdraw,
} from '@kilat/core';
import { http, observe, Reply, readEnv } from '@kilat/lambda';

const env = readEnv('models');
const modelsDir = join(env.LAMBDA_TASK_ROOT, 'models');
const registry = registryOf(registryStore(env.REGISTRY_TABLE), await readManifests(modelsDir));
const buckets = { inbox: env.INBOX_BUCKET, models: env.MODELS_BUCKET };
const ports = {
  registry,
  now,
  newId: newPredictionId,
  uploads: uploadedFiles(buckets.inbox),
  files: modelFileStore(buckets),
  verify: verifier(env.VERIFY_FUNCTION),
};
const readCard = modelCards({ modelsDir, bucket: env.MODELS_BUCKET });

const tagged = (state: AliasState) => new Reply(200, state, { [ETAG_HEADER]: etagOf(state) });

export const handler = http<'models'>(
  observe('models'),
  {
    currentModel: ({ identity: { tenantId }, query }) =>
      showChampion(registry, { tenantId, model: query.model ?? env.DEFAULT_MODEL }),

    async modelVersions({ identity: { tenantId }, query }) {
      return { versions: await listVersions(registry, tenantId, query.model) };
    },

    modelVersion: ({ identity: { tenantId }, params: { model, version } }) =>
      showVersion(registry, readCard, { tenantId, model }, version),

    async registerModel({ identity, params: { model }, body }) {
      const version = await registerModel(ports, identity, model, body);
      return new Reply(201, version, { location: `/v1/models/${model}/versions/${version.model_version}` });
    },

    async modelAliases({ identity: { tenantId }, params: { model } }) {
      return tagged(await registry.state({ tenantId, model }));
    },

    async promoteModel({ identity, params: { model }, body, headers }) {
      const ref = { tenantId: identity.tenantId, model };
      return tagged(await promote(ports, ref, body, moverOf(identity, headers, body)));
    },

    async rollBackModel({ identity, params: { model }, body, headers }) {
      const ref = { tenantId: identity.tenantId, model };
      return tagged(await rollBack(ports, ref, moverOf(identity, headers, body)));
    },

    async withdrawAlias({ identity, params: { model, alias }, headers }) {
      const ref = { tenantId: identity.tenantId, model };
      return tagged(await withdraw(ports, ref, alias, moverOf(identity, headers)));
    },

    modelAudit: ({ identity, params: { model }, query }) => listAudit(registry, identity, model, query),
  },
  quotaOf(quotaPorts(env)),
);
