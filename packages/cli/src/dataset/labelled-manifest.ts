import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { JobError } from '@styleflow/contracts';
import { type DatasetPlan, type LabelledRow, readLabels } from '@styleflow/datasets';
import { printable } from '@styleflow/runtime';
import { digestFile } from '../batch/digest-file.js';
import { manifestFormat } from '../batch/local-manifest.js';
import { findLocalSources, rowsWithSources } from '../batch/local-rows.js';

/**
 * The rows of a manifest with their labels; a row that names a folder becomes one for each video in it. Files of this machine are
 * read once, so that the same bytes under two names fall into one split.
 * @throws JobError `invalid_request` that lists what is wrong
 */
export async function readLabelledManifest(
  manifest: string,
  { signal, onFile }: { readonly signal: AbortSignal; readonly onFile: (count: number) => void },
): Promise<LabelledRow[]> {
  const facts = await stat(manifest).catch(() => null);
  if (facts?.isFile() !== true || manifestFormat(manifest) === null)
    throw new JobError(
      'invalid_request',
      `${printable(manifest)} is no manifest: a CSV, NDJSON or JSON file with the columns source and truth_label; a source may be a folder`,
    );
  const sources = await findLocalSources(manifest);
  const rows: Record<string, unknown>[] = [];
  for await (const row of rowsWithSources(manifest, sources, (path) => path)) rows.push(row);
  const digests = new Map<string, string>();
  for (const { source } of rows) {
    if (typeof source !== 'string' || !isAbsolute(source) || digests.has(source)) continue;
    digests.set(source, await digestFile(source, signal));
    onFile(digests.size);
  }
  return readLabels(rows, ({ source }) => digests.get(String(source)) ?? null);
}

/** Writes the manifest of the batch that analyses these videos of a plan, in the order in which their shards fill. */
export async function writeBatchManifest(
  path: string,
  { videos }: Pick<DatasetPlan, 'videos'>,
  rows: readonly LabelledRow[],
): Promise<void> {
  const cellsOf = new Map(rows.map(({ video, cells }) => [video.id, cells]));
  const lines = videos.map(({ id, label, method, identity, group, split }) => {
    const { 'options.keepCrops': _kept, ...cells } = cellsOf.get(id) ?? {};
    const given = Object.entries(cells).filter(([, cell]) => cell !== '' && cell !== null);
    const labels = Object.entries({ method, identity, group }).filter(([, text]) => text !== null);
    const row = { ...Object.fromEntries(given), ...Object.fromEntries(labels), id, truth_label: label, split };
    return `${JSON.stringify(row)}\n`;
  });
  await pipeline(Readable.from(lines), createWriteStream(path));
}
