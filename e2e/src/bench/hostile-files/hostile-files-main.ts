import { openPrepareAlone } from '../prepare/prepare-alone.js';

/** Prepares videos one after the other in one process, as a worker would meet them, and prints a line of JSON for each. */
const [, , folder = '', ...videos] = process.argv;
const alone = await openPrepareAlone(folder);
for (const video of videos) {
  const cost = await alone.costOf(video, {});
  const { outcome, wallSeconds } = cost;
  const words = cost.outcome === 'refused' ? { code: cost.code, message: cost.message } : { frames: cost.frames };
  process.stdout.write(`${JSON.stringify({ outcome, wallSeconds, ...words })}\n`);
}
await alone.close();
