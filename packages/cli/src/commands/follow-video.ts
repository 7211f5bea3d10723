import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StyleFlowClient, SubmitOptions } from '@styleflow/client';
import { type Job, JobError, type Result } from '@styleflow/contracts';
import { folderFault } from '@styleflow/files';
import { makeFolder } from '../embedded/make-folder.js';
import { followOnScreen } from '../view/progress-bar.js';
import { checkVideo, isUrl, videoName } from './input-video.js';
import { tellRetries } from './tell-retries.js';

export interface FollowedVideo {
  readonly job: Job;
  /** Only of a job that succeeded. */
  readonly result?: Result;
  /** Absolute path of the HTML report. */
  readonly report?: string;
}

export interface FollowOptions extends Pick<SubmitOptions, 'options' | 'signal'> {
  readonly outFolder: string;
  /** Whether attempts that wait to be tried again are told, which needs a client that is an admin. */
  readonly tellsRetries?: boolean;
}

/** Submits a file (sent by a signed URL) or a URL. */
export async function submitVideo(client: StyleFlowClient, input: string, options: SubmitOptions): Promise<Job> {
  await checkVideo(input);
  if (isUrl(input)) return client.submit({ type: 'url', url: input }, options);
  // Nobody could go on with its parts.
  return client.submitFile(input, { ...options, partsFrom: Number.POSITIVE_INFINITY });
}

/**
 * Submits a video, shows progress on stderr until the job has ended, and stores result and report in `outFolder/NAME/`.
 */
export async function followVideo(
  client: StyleFlowClient,
  input: string,
  { outFolder, signal, options, tellsRetries }: FollowOptions,
): Promise<FollowedVideo> {
  const name = videoName(input);
  const screen = followOnScreen(name, process.stderr);
  const ended = new AbortController();
  let job: Job;
  try {
    const submitted = await submitVideo(client, input, { ...(options && { options }), signal });
    if (tellsRetries === true) {
      const say = (sentence: string): void => screen.say(sentence);
      void tellRetries(client, submitted.id, { say, signal: ended.signal });
    }
    job = await client.wait(submitted.id, { onChange: (seen) => screen.show(seen), signal });
  } finally {
    ended.abort();
    screen.end();
  }
  if (job.status !== 'succeeded') return { job };
  return { job, ...(await bring(client, job, join(outFolder, folderName(name, job.id)))) };
}

/**
 * The name of a video's folder. It holds the end of the job's id, so that videos of one name do not overwrite each
 * other.
 */
function folderName(name: string, jobId: string): string {
  const stem =
    name
      .slice(0, name.length - extname(name).length)
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^\.+/, '')
      .slice(0, 80) || 'video';
  return `${stem}-${jobId.slice(-6).toLowerCase()}`;
}

/**
 * Tries the folder for results out: after hours of work it would be late to learn that nothing can be written there. What it makes
 * for that is gone afterwards: a command that is interrupted leaves no empty folder.
 * @throws JobError `invalid_request`
 */
export async function checkOutFolder(folder: string): Promise<void> {
  if (folder === '') throw new JobError('invalid_request', '--out: name a folder; it is empty');
  const missing = missingFolders(resolve(folder));
  try {
    makeFolder(resolve(folder));
    await rm(await mkdtemp(join(folder, '.styleflow-')), { recursive: true });
  } catch (cause) {
    const message = `--out: nothing can be written to ${folder}: ${folderFault(cause)}`;
    throw new JobError('invalid_request', message, { cause });
  } finally {
    // Not one into which another command has written meanwhile.
    for (const made of missing) await rmdir(made).catch(() => undefined);
  }
}

/** The folder and those above it that are not there, the innermost first. */
function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [folder, ...missingFolders(dirname(folder))];
}

export async function bring(
  client: StyleFlowClient,
  job: Job,
  folder: string,
): Promise<{ result: Result; report: string }> {
  await mkdir(folder, { recursive: true });
  const result = await client.result(job.id);
  // Byte by byte as it is stored: in another form no signature would hold.
  await pipeline(
    Readable.fromWeb(await client.jobs.resultBytes(job.id)),
    createWriteStream(join(folder, 'result.json')),
  );
  const report = resolve(folder, 'report.html');
  await pipeline(Readable.fromWeb(await client.report(job.id)), createWriteStream(report));
  return { result, report };
}
