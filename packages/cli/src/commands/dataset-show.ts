import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { sizeText, tableLines } from '../view/table.js';

interface ShowFlags {
  readonly sheet: string;
  readonly samples: string;
  readonly json?: true;
}

/** `styleflow dataset show`: what is in a data set, and a picture of it. */
export function addDatasetShow(dataset: Command): void {
  dataset
    .command('show')
    .argument('<place>', 'folder or s3://bucket/prefix of a data set')
    .description('check a data set by its digests, count what is in it, and draw samples of each class and method')
    .option('--sheet <file>', 'the picture, SVG', 'dataset.svg')
    .option('--samples <n>', 'of each class and method', '6')
    .option('--json', 'answer as JSON on stdout')
    .action(async (text: string, flags: ShowFlags) => {
      const { kindLine, lookThrough, readDatasetManifest, sampleSheet } = await import('@styleflow/datasets');
      const { openPlace } = await import('../dataset/open-place.js');
      const { readEnv } = await import('../dataset/env.js');
      const place = await openPlace(text, readEnv());
      try {
        const manifest = await readDatasetManifest(place);
        const perKind = Math.min(100, Math.max(0, Number.parseInt(flags.samples, 10) || 0));
        const isTerminal = process.stderr.isTTY === true;
        const onShard = (done: number): void => {
          if (isTerminal) process.stderr.write(`\r${done} of ${manifest.shards.length} shards`);
        };
        const shown = await lookThrough(place, manifest, { perKind, onShard });
        if (isTerminal) process.stderr.write('\n');
        await writeFile(flags.sheet, sampleSheet(shown, place.address));
        const { kinds, shards, clips, bytes, withCodes } = shown;
        if (flags.json === true) {
          const told = kinds.map(({ samples: _drawn, ...kind }) => kind);
          process.stdout.write(
            `${JSON.stringify({ shards, clips, bytes, withCodes, kinds: told, sheet: flags.sheet })}\n`,
          );
          return;
        }
        const rows = kinds.map(({ label, method, clips: count, videos, hours }) => [
          label,
          method ?? '',
          videos,
          count,
          Number(hours.toFixed(4)),
        ]);
        const notes = (manifest.splits?.notes ?? []).map((note) => `note: ${note}`);
        const lines = [
          ...tableLines(['label', 'method', 'videos', 'clips', 'hours'], rows),
          ...kinds.map(kindLine),
          ...notes,
          `${clips} clips in ${shards} shards, ${sizeText(bytes)}, ${withCodes} with style codes; every digest is right`,
          `sheet: ${flags.sheet}`,
        ];
        process.stdout.write(`${lines.join('\n')}\n`);
      } finally {
        await place.close();
      }
    });
}
