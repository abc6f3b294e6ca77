import { createHash } from 'node:crypto';
import { classifyDrop, type DropPorts, UnsupportedImageFormatError } from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { memoryBucket } from '../support/job.ts';
import { aRecord } from '../support/prediction.ts';

function aWorld({ granted = Number.POSITIVE_INFINITY } = {}) {
  const inbox = memoryBucket();
  const made: string[] = [];
  let counted = 0;
  const ports: DropPorts = {
    inbox,
    digest: (text) => createHash('sha256').update(text).digest(),
    asPhoto(bytes) {
      if (bytes.length === 0) throw new UnsupportedImageFormatError('no image');
      return { bytes, mediaType: 'image/png' };
    },
    quota: {
      async countPredictions() {
        counted += 1;
        return { granted: counted <= granted ? 1 : 0, giveBack: async () => {} };
      },
    },
    async predict(item) {
      await item.photo();
      made.push(item.predictionId);
      return aRecord({ prediction_id: item.predictionId, user_id: item.identity.userId, source: item.source });
    },
  };
  return { ports, inbox, made, counted: () => counted };
}

const aDrop = (key: string, versionId = 'v1') => ({
  eventTime: '2026-11-20T09:30:00.000Z',
  s3: { bucket: { name: 'inbox' }, object: { key, versionId } },
});

const keysIn = ({ objects }: ReturnType<typeof memoryBucket>): string[] => [...objects.keys()].sort();

describe('a photo in the inbox', () => {
  it('leaves one prediction and one result, however often S3 tells of it', async () => {
    const { ports, inbox, made } = aWorld();
    await inbox.write('inbox/acme/signs/a b.jpg', 'photo', 'image/jpeg');

    for (const _ of [1, 2, 3]) await classifyDrop(ports, aDrop('inbox/acme/signs/a+b.jpg'));

    expect(new Set(made).size).toBe(1);
    expect(keysIn(inbox)).toEqual(['inbox/acme/signs/a b.jpg', 'results/acme/signs/a b.jpg.json']);
  });

  it('counts once against the day, however often S3 tells of it', async () => {
    const { ports, inbox, counted } = aWorld();
    await inbox.write('inbox/acme/signs/a.jpg', 'photo', 'image/jpeg');

    for (const _ of [1, 2, 3]) await classifyDrop(ports, aDrop('inbox/acme/signs/a.jpg'));

    expect(counted()).toBe(1);
  });

  it('is rejected when the day has no prediction left', async () => {
    const { ports, inbox, made } = aWorld({ granted: 0 });
    await inbox.write('inbox/acme/signs/a.jpg', 'photo', 'image/jpeg');

    expect(await classifyDrop(ports, aDrop('inbox/acme/signs/a.jpg'))).toBe('rejected');

    const problem = inbox.objects.get('rejected/acme/signs/a.jpg.problem.json');
    expect(JSON.parse(new TextDecoder().decode(problem))).toMatchObject({ status: 429, code: 'too-many-requests' });
    expect(made).toEqual([]);
  });

  it('keeps the result of the newest version, in whichever order S3 tells', async () => {
    const { ports, inbox } = aWorld();
    await inbox.write('inbox/acme/signs/a.jpg', 'photo', 'image/jpeg');
    await classifyDrop(ports, aDrop('inbox/acme/signs/a.jpg', 'v1'));

    await classifyDrop(ports, aDrop('inbox/acme/signs/a.jpg', 'v0'));

    const result = new TextDecoder().decode(inbox.objects.get('results/acme/signs/a.jpg.json'));
    expect(JSON.parse(result).version_id).toBe('v1');
  });

  it('that is gone, and a folder, are passed over', async () => {
    const { ports, inbox } = aWorld();

    const outcomes = [
      await classifyDrop(ports, aDrop('inbox/acme/signs/gone.jpg')),
      await classifyDrop(ports, aDrop('inbox/acme/signs/')),
    ];

    expect([outcomes, keysIn(inbox)]).toEqual([[undefined, undefined], []]);
  });
});

describe('what is no photo', () => {
  it('is moved once, with a problem document; the second time there is nothing left to do', async () => {
    const { ports, inbox } = aWorld();
    await inbox.write('inbox/acme/signs/a.txt', '', 'text/plain');

    const first = await classifyDrop(ports, aDrop('inbox/acme/signs/a.txt'));
    const second = await classifyDrop(ports, aDrop('inbox/acme/signs/a.txt'));

    expect([first, second]).toEqual(['rejected', undefined]);
    expect(keysIn(inbox)).toEqual(['rejected/acme/signs/a.txt', 'rejected/acme/signs/a.txt.problem.json']);
  });

  it.each(['inbox/a.jpg', 'inbox/acme/a.jpg', 'inbox/acme/Signs!/a.jpg', 'inbox/-acme/signs/a.jpg'])(
    'is what lies at %s, where no tenant and model are',
    async (key) => {
      const { ports, inbox } = aWorld();
      await inbox.write(key, 'photo', 'image/jpeg');

      expect(await classifyDrop(ports, aDrop(key))).toBe('rejected');
    },
  );

  it('stays where it is while a store fails', async () => {
    const { ports, inbox } = aWorld();
    await inbox.write('inbox/acme/signs/a.jpg', 'photo', 'image/jpeg');
    const predict = () => Promise.reject(new Error('S3 is away'));

    await expect(classifyDrop({ ...ports, predict }, aDrop('inbox/acme/signs/a.jpg'))).rejects.toThrow('S3 is away');

    expect(keysIn(inbox)).toEqual(['inbox/acme/signs/a.jpg']);
  });
});
