import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPrepareAlone } from './prepare-alone.js';

/**
 * Runs the prepare stage of one video in a thread as a CPU worker does, with a file store, and prints its cost as JSON.
 * There is no queue, so the figures belong to the stage alone. There is no scoring, so decoding is never held back.
 */
const [, , video = '', options = '{}'] = process.argv;
const folder = await mkdtemp(join(tmpdir(), 'styleflow-prepare-'));
try {
  const alone = await openPrepareAlone(folder);
  process.stdout.write(JSON.stringify(await alone.costOf(video, JSON.parse(options))));
  await alone.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
