import { writePart } from '@styleflow/batches';
import { JobOptionsSchema, mintBatchId, mintJobId } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { describe, expect, it } from 'vitest';
import { type OpenSourcePorts, openSource } from './open-source.js';

const [ID, EARLIER] = [mintJobId(), mintJobId()];
const URL_SOURCE = { type: 'url', url: 'https://example.org/a.mp4' } as const;
const HIDDEN = { type: 'url', url: 'https://example.org/a.mp4?...' } as const;

function job(changes: Partial<JobRecord> & { keepSource?: boolean } = {}) {
  const { keepSource = false, ...rest } = changes;
  return { id: ID, source: URL_SOURCE, isSourceSealed: false, options: { keepSource }, ...rest };
}

async function portsOf({ secret = null as string | null, item = false } = {}): Promise<OpenSourcePorts> {
  const objects = new Map<string, Uint8Array | string>();
  const batch = mintBatchId();
  if (item) {
    const row = { index: 3, line: 4, id: 'a', source: HIDDEN, options: {}, labels: {}, metadata: {} };
    const put = async (key: string, body: Uint8Array | string) => void objects.set(key, body);
    await writePart({ put }, batch, 'items', 0, [{ ...row, secrets: { source: 'box' } }]);
  }
  return {
    vault: { open: async () => secret, unseal: (of, name, box) => `${of}/${name}/${box}` },
    records: {
      read: async (id) =>
        ({ id, batch, item: 3, options: JobOptionsSchema.parse({}), status: 'succeeded' }) as unknown as JobRecord,
    },
    store: {
      get: async (key) => {
        const found = objects.get(key);
        return found === undefined ? null : Buffer.from(found);
      },
    },
  };
}

describe('the source of a job', () => {
  it('is its address, and nothing is looked for that nobody can have kept', async () => {
    expect(await openSource(await portsOf(), job())).toEqual({ source: URL_SOURCE, copies: [] });
  });

  it('is the copy that it kept itself, where a repair or a retry comes to it again', async () => {
    expect(await openSource(await portsOf(), job({ keepSource: true }))).toEqual({ source: URL_SOURCE, copies: [ID] });
    const sealed = job({ keepSource: true, source: HIDDEN, isSourceSealed: true });
    const whole = { type: 'url', url: 'https://example.org/a.mp4?sig=1' };
    expect(await openSource(await portsOf({ secret: whole.url }), sealed)).toEqual({ source: whole, copies: [ID] });
  });

  it('is what an earlier job of the video kept, before its address is asked', async () => {
    const rescoreOf = [EARLIER];
    expect(await openSource(await portsOf(), job({ rescoreOf }))).toMatchObject({ copies: [ID, EARLIER] });
  });

  it('is a copy alone when its credentials are gone, unless they lie sealed with the batch of the earlier job', async () => {
    const sealed = job({ source: HIDDEN, isSourceSealed: true, rescoreOf: [EARLIER] });
    expect(await openSource(await portsOf(), sealed)).toEqual({
      ...{ source: { type: 'own-copy' }, copies: [ID, EARLIER] },
    });
    expect(await openSource(await portsOf({ item: true }), sealed)).toEqual({
      ...{ source: { type: 'url', url: `${EARLIER}/source/box` }, copies: [ID, EARLIER] },
    });
  });
});
