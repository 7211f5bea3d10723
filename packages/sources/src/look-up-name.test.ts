import { describe, expect, it } from 'vitest';
import { lookUpName, type ResolveName } from './look-up-name.js';

const refusal = (code: string): Error => Object.assign(new Error(code), { code });

/** A name service: what it answers for each name; for the others, `EAI_AGAIN`. */
const serviceOf =
  (answers: Readonly<Record<string, string>>): ResolveName =>
  async (name) => {
    const answer = answers[name] ?? 'EAI_AGAIN';
    if (/^\d/.test(answer)) return [{ address: answer, family: 4 }];
    throw refusal(answer);
  };

const asked = (answers: Parameters<typeof serviceOf>[0]) => ({
  resolveName: serviceOf(answers),
  allowPrivate: false,
});

describe('looking a name up', () => {
  it('answers the addresses', async () => {
    const found = await lookUpName('video.example', asked({ 'video.example': '192.0.2.7' }));
    expect(found).toEqual([{ address: '192.0.2.7', family: 4 }]);
  });

  it.each(['ENOTFOUND', 'ENODATA'])('fails for good for a name that does not exist: %s', async (code) => {
    await expect(lookUpName('no.example', asked({ 'no.example': code }))).rejects.toMatchObject({
      code: 'source_unreachable',
      retryable: false,
      away: undefined,
    });
  });

  it.each(['EAI_AGAIN', 'ETIMEOUT', 'ESERVFAIL'])(
    'takes %s for the trouble of this name while any other name is answered for, or is said not to exist',
    async (code) => {
      for (const answer of ['198.41.0.4', 'ENOTFOUND']) {
        const service = serviceOf({ 'slow.example': code, 'example.com': answer });
        await expect(lookUpName('slow.example', { resolveName: service, allowPrivate: false })).rejects.toMatchObject({
          code: 'source_unreachable',
          fault: 'source',
          retryable: true,
          away: undefined,
        });
      }
    },
  );

  it('takes it for an outage of the name service when no other name is answered for either', async () => {
    await expect(lookUpName('video.example', asked({}))).rejects.toMatchObject({
      code: 'source_unreachable',
      fault: 'surroundings',
      away: 'names',
      retryable: true,
    });
  });
});
