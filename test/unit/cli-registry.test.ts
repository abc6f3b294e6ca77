import type { AliasState } from '@kilat/contracts';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../cli/api/api-error.ts';
import { apiClient } from '../../cli/api/client.ts';
import { aliasLine, moveAliases } from '../../cli/models/registry/move.ts';
import { type Answered, jsonServer } from '../support/json-server.ts';

const state: AliasState = { model: 'signs', aliases: { champion: '1' }, challenger_percent: 0, revision: 7 };

/** An API whose aliases have the revision 7, and that answers a promotion so. */
async function apiThatPromotes(answer: Answered) {
  const { url, received } = await jsonServer(({ method }) => (method === 'GET' ? { body: state } : answer));
  const api = apiClient({ apiUrl: url, accessToken: async () => 'token', whenUnreachable: 'nobody answers' });
  const promote = () =>
    moveAliases(api, 'signs', (headers) =>
      api('promoteModel', { params: { model: 'signs' }, body: { version: '2' }, headers }),
    );
  return { received, promote };
}

describe('a move of aliases', () => {
  it('is based on the aliases as they are', async () => {
    const { promote, received } = await apiThatPromotes({ body: { ...state, revision: 8 } });

    await promote();

    expect(received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/models/signs/aliases',
      'POST /v1/models/signs/promote',
    ]);
    expect(received[1]!.headers['if-match']).toBe('"7"');
  });

  it('that somebody else was faster with is told in a sentence', async () => {
    const { promote } = await apiThatPromotes({ status: 412, body: { code: 'precondition-failed', title: 'Failed' } });

    await expect(promote()).rejects.toThrow(
      "nothing was moved: somebody else moved the aliases of 'signs' at the same moment",
    );
  });

  it('that is refused otherwise is told as the API tells it', async () => {
    const { promote } = await apiThatPromotes({ status: 403, body: { code: 'forbidden', title: 'Forbidden' } });

    await expect(promote()).rejects.toThrow(ApiError);
  });
});

describe('who serves', () => {
  it.each<[string, AliasState]>([
    ['signs: champion 1', state],
    [
      'signs: champion 3, challenger 4 (10 %), shadow 5, previous 2',
      {
        ...state,
        aliases: { champion: '3', challenger: '4', shadow: '5', previous: '2' },
        challenger_percent: 10,
      },
    ],
  ])('is one line: %s', (line, shown) => {
    expect(aliasLine(shown)).toBe(line);
  });
});
