import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Batch, type BatchManifest, type DryRun, openVideoFile, type StyleFlowClient } from '@styleflow/client';
import { JobError } from '@styleflow/contracts';
import { printable } from '@styleflow/runtime';
import { showUploads } from '../view/upload-progress.js';
import { type ManifestFormat, manifestFormat, manifestPrinter } from './local-manifest.js';
import { findLocalSources, rowsWithSources } from './local-rows.js';
import { uploadFiles } from './upload-files.js';
import { UploadJournal } from './upload-journal.js';
import { findVideos } from './video-inputs.js';

export interface BatchSubmission {
  readonly inputs: readonly string[];
  /** Job options for all items; undefined where none was given. */
  readonly options: Readonly<Record<string, unknown>> | undefined;
  readonly skipInvalid: boolean;
  readonly parallel: number;
  /** The API and its key, which name the uploads' owner. */
  readonly owner: readonly string[];
  readonly stateFolder: string;
  readonly signal: AbortSignal;
  readonly stream: NodeJS.WriteStream;
  /** The same manifest is the same batch, also one of addresses alone: whoever sends it again is going on. */
  readonly isOnce?: true;
  /** The batch that this one stands in for: the same manifest is another batch then. */
  readonly insteadOf?: string | undefined;
}

/** A manifest up to this length is sent in one call, a longer one as an upload. */
const MAX_CALL_BYTES = 16_000_000;

type Rows = AsyncIterable<Record<string, unknown>>;
/** What a manifest says instead of a path. */
type SourceOf = (path: string) => string;

/**
 * Uploads what is on this machine and submits a batch of it. What had been uploaded by the same command before is not sent again; the
 * same uploads make the same batch, however often the command is killed and started again.
 */
export async function submitBatch(client: StyleFlowClient, submission: BatchSubmission): Promise<Batch> {
  const { inputs, owner, stateFolder, options, skipInvalid, signal, isOnce, insteadOf } = submission;
  const journal = new UploadJournal(stateFolder, [...owner, ...inputs.map((input) => resolve(input))]);
  const prepared = await prepare(inputs);
  const uploads = await sendFiles(client, prepared.paths, journal, submission);
  const uploadOf = (path: string): string => `upload:${uploads.get(path)}`;
  const batch = await withManifest(prepared, uploadOf, async (path) => {
    const manifest = await manifestAt(client, path, prepared.format, signal);
    // A manifest of addresses alone may be submitted again tomorrow, as another batch.
    const key =
      uploads.size === 0 && isOnce !== true
        ? {}
        : { idempotencyKey: await keyOf(path, { options, skipInvalid, insteadOf }) };
    return client.batches.create(manifest, { ...(options && { options }), skipInvalid, signal, ...key });
  });
  journal.forget();
  return batch;
}

/** Stands for a file that is not sent, so that its row is judged and counted like the others. */
const UNSENT = 'https://file-of-this-machine.invalid/video.mp4';

/** What the API says to the manifest. The files of this machine are looked at and not sent. */
export async function tryBatch(
  client: StyleFlowClient,
  { inputs, options, skipInvalid, signal }: BatchSubmission,
): Promise<{ readonly files: number; readonly bytes: number; readonly answer: DryRun }> {
  const prepared = await prepare(inputs);
  const bytes = await totalBytes(prepared.paths);
  const unsent = (): string => UNSENT;
  const answer = await withManifest(prepared, unsent, async (path) =>
    client.batches.dryRun(await manifestAt(client, path, prepared.format, signal), {
      ...(options && { options }),
      skipInvalid,
      signal,
    }),
  );
  return { files: prepared.paths.length, bytes, answer };
}

interface Prepared {
  readonly format: ManifestFormat;
  /** Files to upload, each once. */
  readonly paths: readonly string[];
  /** The manifest as it is; null where one is made. */
  readonly asItIs: string | null;
  rows(sourceOf: SourceOf): Rows;
}

async function prepare(inputs: readonly string[]): Promise<Prepared> {
  const manifests = inputs.filter((input) => manifestFormat(input) !== null);
  const [manifest] = manifests;
  if (manifest === undefined) return prepareVideos(inputs);
  if (inputs.length > 1) {
    throw new JobError(
      'invalid_request',
      'a manifest is submitted by itself; name the videos in it, or submit them without one',
    );
  }
  const facts = await stat(manifest).catch(() => null);
  if (facts?.isFile() !== true) throw new JobError('invalid_request', `there is no file ${printable(manifest)}`);
  const sources = await findLocalSources(manifest);
  const isJson = /\.json$/i.test(manifest);
  return {
    format: manifestFormat(manifest) ?? 'csv',
    paths: [...new Set([...sources.values()].flat().map(({ path }) => path))],
    asItIs: sources.size === 0 && !isJson ? manifest : null,
    rows: (sourceOf) => rowsWithSources(manifest, sources, sourceOf),
  };
}

async function prepareVideos(inputs: readonly string[]): Promise<Prepared> {
  const { videos } = await findVideos(inputs);
  return {
    format: 'ndjson',
    paths: videos.map(({ path }) => path),
    asItIs: null,
    async *rows(sourceOf) {
      for (const { path, name } of videos) yield { source: sourceOf(path), id: name, file: name };
    },
  };
}

async function sendFiles(
  client: StyleFlowClient,
  paths: readonly string[],
  journal: UploadJournal,
  { parallel, signal, stream }: BatchSubmission,
): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const progress = showUploads({ files: paths.length, bytes: await totalBytes(paths) }, stream);
  const [whole, inPart] = [journal.count(true), journal.count(false)];
  if (whole + inPart > 0) {
    const parts = inPart === 0 ? '' : `, of ${inPart} more a part was`;
    progress.say(`going on: ${whole} files were uploaded before${parts}; they are read again and not sent again`);
  }
  try {
    return await uploadFiles(paths, { client, journal, progress, signal, parallel });
  } finally {
    progress.end();
  }
}

async function totalBytes(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) bytes += (await stat(path)).size;
  return bytes;
}

/** Hands out the path of the manifest with its sources filled in; it is written as a stream, since it may have a million rows. */
async function withManifest<T>(prepared: Prepared, sourceOf: SourceOf, use: (path: string) => Promise<T>): Promise<T> {
  if (prepared.asItIs !== null) return use(prepared.asItIs);
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-batch-'));
  try {
    const path = join(folder, 'manifest');
    const print = manifestPrinter(prepared.format);
    const texts = async function* (): AsyncGenerator<string, void> {
      for await (const row of prepared.rows(sourceOf)) yield print(row);
    };
    await pipeline(Readable.from(texts()), createWriteStream(path));
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function manifestAt(
  client: StyleFlowClient,
  path: string,
  format: ManifestFormat,
  signal: AbortSignal,
): Promise<BatchManifest> {
  const { size } = await stat(path);
  if (size <= MAX_CALL_BYTES) {
    const bytes = new Blob([await readFile(path)]);
    return format === 'csv' ? { csv: bytes } : { ndjson: bytes };
  }
  const file = await openVideoFile(path);
  try {
    const { uploadId } = await client.uploads.send(file, { signal });
    return { uploadId };
  } finally {
    await file.close();
  }
}

/** The same manifest with the same options is the same submission. */
async function keyOf(path: string, options: object): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(options));
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
