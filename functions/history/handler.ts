import { historyStore } from '@kilat/adapters/history-store';
import { quotaPorts } from '@kilat/adapters/quota-ports';
import { findPrediction, listHistory, quotaOf } from '@kilat/core';
import { http, observe, readEnv } from '@kilat/lambda';

const env = readEnv('history');
const store = historyStore({ tableName: env.HISTORY_TABLE });

export const handler = http<'history'>(
  observe('history'),
  {
    listHistory: ({ identity, query }) => listHistory(store, identity, query),
    getPrediction: ({ identity, params }) => findPrediction(store, identity, params.prediction_id),
  },
  quotaOf(quotaPorts(env)),
);
