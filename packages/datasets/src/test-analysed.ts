import { createHash } from 'node:crypto';
import { encodeClip, printClipFrames, writeClip } from '@styleflow/clips';
import { type JobId, mintJobId, type Prepared, type ResultRow } from '@styleflow/contracts';
import { type ObjectStore, preparedKey, sealJson } from '@styleflow/storage';

/** A flat clip: one value everywhere, which tells whose it is. */
export const flatClip = (value: number): Uint8Array => new Uint8Array(32 * 256 * 256 * 3).fill(value);

const packed = new Map<number, Promise<Uint8Array>>();

/** Packed once a value: it takes longer than all the rest. */
function packedClip(value: number): Promise<Uint8Array> {
  const clip = packed.get(value) ?? encodeClip(flatClip(value));
  packed.set(value, clip);
  return clip;
}

/** What the analysis of a video leaves in the store. @returns its row of the batch's results. */
export async function analyse(
  store: ObjectStore,
  id: string,
  {
    clips = 1,
    bytes = id,
    run = 1,
    frames = 32,
  }: { clips?: number; bytes?: string; run?: number; frames?: number } = {},
): Promise<ResultRow> {
  const job: JobId = mintJobId();
  const list = Array.from({ length: clips }, (_, index) => ({
    index,
    frames: [32 * index, 32 * index + frames - 1] as [number, number],
    seconds: [index, index + (frames - 1) / 25] as [number, number],
    padded: frames < 32,
  }));
  const track = { track: 0, frames: [0, 32 * clips] as [number, number], frameCount: 32 * clips, framesUnused: 0 };
  const prepared: Prepared = {
    v: 1,
    video: {
      ...{ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: 1000, container: 'mp4', codec: 'h264' },
      ...{
        width: 400,
        height: 300,
        rotation: 0,
        fps: 25,
        durationSeconds: 4,
        hasAudio: false,
        framesUsed: 100,
        framesDamaged: 0,
      },
    },
    tracks: clips === 0 ? [] : [{ ...track, firstScore: 1, boxes: [], clips: list }],
    steps: {},
    preprocessing: 'p',
  };
  for (const { index } of list) {
    const times = Array.from({ length: frames }, (_, n) => index + n / 25);
    const kept = printClipFrames({
      v: 1,
      frames: times.map((_, n) => 32 * index + n),
      seconds: times,
      boxes: times.map(() => [1, 2, 3, 4]),
      points: times.map((_, n) => [
        [n, 1],
        [170, 84],
        [128, 137],
        [91, 175],
        [167, 173],
      ]),
      measured: times.map((_, n) => n % 8 === 0),
    });
    const pixels = await packedClip(index + 1);
    await writeClip(store, { job, run, track: 0, clip: index }, { pixels, strip: new Uint8Array(1), frames: kept });
  }
  await store.put(preparedKey(job, run), sealJson(prepared), 'application/json');
  return rowOf(id, { job, clips });
}

export function rowOf(id: string, changes: Partial<ResultRow> = {}): ResultRow {
  const nothing = { verdict_label: null, score: null, threshold: null, reason: null, error_code: null };
  const rest = { index: 0, faces: 1, clips: 1, truth_label: null, group: null, job: null };
  return { id, source: 'https://v.example/a.mp4', status: 'succeeded', ...nothing, ...rest, ...changes };
}
