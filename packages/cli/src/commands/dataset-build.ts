import { type Command, InvalidArgumentError } from 'commander';
import { clientDefaults } from '../env.js';
import { EXIT } from '../exit-codes.js';
import { sizeText, tableLines } from '../view/table.js';
import { watchInterruption } from './interruption.js';
import { addJobFlags, type JobFlags, jobOptionsOf } from './job-options.js';
import { parseParallel } from './parse-arguments.js';

interface BuildFlags extends JobFlags {
  readonly out: string;
  readonly api?: string;
  readonly key?: string;
  readonly data?: string;
  readonly bundle?: string;
  readonly psp?: string;
  readonly shares: { train: number; validation: number; test: number };
  readonly seed: number;
  readonly videosPerShard: number;
  readonly part: { index: number; of: number };
  readonly parallel: number;
  readonly skipFailed?: true;
  readonly json?: true;
}

const ABOUT = `
The manifest is that of a batch; a source may be a file, a folder, an address. Its columns truth_label (or label, is_fake, …: in every
spelling), method, identity (several divided by ;), group and split are read. Without split, splits are made in which nobody is in
two. Interrupted or killed, the same command goes on; --part I/N shares the shards among machines. docs/datasets.md tells all of it.`;

/** `styleflow dataset build`: from a manifest to tar shards for training. */
export function addDatasetBuild(dataset: Command): void {
  const build = dataset
    .command('build')
    .argument('<manifest>', 'CSV, NDJSON or JSON: a row for each video, or for a folder of them')
    .description('analyse labelled videos and write their clips as tar shards')
    .requiredOption('--out <place>', 'a folder, or s3://bucket/prefix')
    .addHelpText('after', ABOUT);
  addJobFlags(build)
    .option('--api <url>', 'a running system instead of one that is started here; STYLEFLOW_STORE is its store')
    .option('--key <key>', 'its API key; better in STYLEFLOW_API_KEY')
    .option(
      '--data <dir>',
      'folder in which the system that is started here makes one of its own to work in (default: the data set’s)',
    )
    .option('--bundle <bundle>', 'scores the clips meanwhile: a folder, with --api an id (default: the one served)')
    .option('--psp <dir>', 'bundle with the part psp.onnx: also write raw style codes, computed by this command')
    .option('--shares <t,v,t>', 'percent of train, validation and test', parseShares, {
      train: 0.8,
      validation: 0.1,
      test: 0.1,
    })
    .option('--seed <n>', 'of the order and of the splits', parseSeed, 1)
    .option('--videos-per-shard <n>', 'about 7 MB a video of 110 frames', parseVideosPerShard, 32)
    .option('--part <i/n>', 'write the shards of machine i of n; with --api', parsePart, { index: 0, of: 1 })
    .option('--parallel <n>', 'files to upload at once', parseParallel, 4)
    .option('--skip-failed', 'leave out what could not be analysed, also where the video is not at fault')
    .option('--json', 'answer as JSON on stdout: dataset.json')
    .action(async (manifest: string, flags: BuildFlags) => {
      await run(manifest, flags);
    });
}

async function run(manifest: string, flags: BuildFlags): Promise<void> {
  // Only here: the command line is to start without Redis, the store's SDK and networks.
  const { buildDataset } = await import('../dataset/build-dataset.js');
  const { openPlace } = await import('../dataset/open-place.js');
  const { readEnv } = await import('../dataset/env.js');
  const { signal, release } = watchInterruption('interrupted; the same command goes on where it stopped');
  const settings = readEnv();
  const place = await openPlace(flags.out, settings);
  const { out, api, key = clientDefaults.key, data, bundle, psp, shares, seed, videosPerShard, part, parallel } = flags;
  const { keepCrops: _kept, ...options } = jobOptionsOf(flags);
  try {
    const result = await buildDataset(
      {
        manifest,
        out,
        api,
        key,
        data,
        bundle,
        psp,
        options,
        shares,
        seed,
        videosPerShard,
        part,
        parallel,
        skipFailed: flags.skipFailed === true,
      },
      { place, settings, say: (sentence) => process.stderr.write(`${sentence}\n`), signal },
    );
    if ('shardsLeft' in result) {
      const parts = result.parts.map((each) => `${each}/${part.of}`).join(', ');
      process.stderr.write(
        `this part is done; ${result.shardsLeft} shards of ${parts} are not there yet: where that part’s command has ended, run it again\n`,
      );
      return;
    }
    const { counts = [], shards, skipped } = result.manifest;
    if (flags.json === true) process.stdout.write(`${JSON.stringify(result.manifest)}\n`);
    else {
      const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
      const rows = counts.map(({ split, label, method, videos, clips, hours }) => [
        split,
        label,
        method ?? '',
        videos,
        clips,
        hours,
      ]);
      const lines = tableLines(['split', 'label', 'method', 'videos', 'clips', 'hours'], rows);
      const last = `${place.address}: ${shards.length} shards, ${sizeText(bytes)}; ${Number(skipped)} videos left out (videos.ndjson says why)`;
      process.stdout.write(`${[...lines, last].join('\n')}\n`);
    }
    process.exitCode = EXIT.done;
  } finally {
    release();
    await place.close();
  }
}

function parseShares(text: string): BuildFlags['shares'] {
  const [train = 0, validation = 0, test = 0, ...more] = text.split(',').map(Number);
  const all = [train, validation, test];
  const sum = train + validation + test;
  if (more.length > 0 || !all.every((share) => share >= 0) || train === 0 || Math.abs(sum - 100) > 1e-6)
    throw new InvalidArgumentError('allowed: three percentages that make 100, as 80,10,10');
  return { train: train / 100, validation: validation / 100, test: test / 100 };
}

function parsePart(text: string): BuildFlags['part'] {
  const [, number, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const [index, of] = [Number(number) - 1, Number(count)];
  if (!(index >= 0 && index < of)) throw new InvalidArgumentError('allowed: i/n, as 1/4 to 4/4');
  return { index, of };
}

function parseSeed(text: string): number {
  return parseWhole(text, 0, 2 ** 31);
}

function parseVideosPerShard(text: string): number {
  return parseWhole(text, 1, 10_000);
}

function parseWhole(text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new InvalidArgumentError(`allowed: a whole number from ${min} to ${max}`);
  return value;
}
