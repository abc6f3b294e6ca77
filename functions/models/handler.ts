import { join } from 'node:path';
import { readManifests } from '@kilat/adapters/model-folder';
import { quotaPorts } from '@kilat/adapters/quota-ports';
import { findModel, modelVersionView, quotaOf } from '@kilat/core';
import { http, observe, readEnv } from '@kilat/lambda';

const env = readEnv('models');
const manifests = await readManifests(join(env.LAMBDA_TASK_ROOT, 'models'));

export const handler = http<'models'>(
  observe('models'),
  {
    async currentModel({ query }) {
      return modelVersionView(findModel(manifests, query.model ?? env.DEFAULT_MODEL));
    },

    async modelVersions({ query }) {
      const wanted = query.model ? [findModel(manifests, query.model)] : manifests;
      return { versions: wanted.map(modelVersionView) };
    },
  },
  quotaOf(quotaPorts(env)),
);
