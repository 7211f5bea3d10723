import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { JobError } from '@styleflow/contracts';
import { folderFault } from '@styleflow/files';
import type { Command } from 'commander';
import { addClientFlags, type ClientFlags, connect } from './client-flags.js';

interface EvidenceFlags extends ClientFlags {
  readonly out?: string;
  readonly video?: true;
}

/** `styleflow evidence JOB`: brings the evidence package of a job. */
export function addEvidence(program: Command): void {
  const command = program
    .command('evidence')
    .argument('<job>', "the job's id")
    .description("bring a job's evidence package: result, signature, report, strips, custody log, keys")
    .option('--out <file>', 'where to write it (default: evidence-JOB.zip)')
    .option('--video', 'with the video, where it is still kept');
  addClientFlags(command).action(async (id: string, flags: EvidenceFlags) => {
    const path = resolve(flags.out ?? `evidence-${id}.zip`);
    const package_ = await connect(flags).jobs.evidence(id, { video: flags.video === true });
    await writeWhole(path, Readable.fromWeb(package_));
    process.stdout.write(`${flags.json === true ? JSON.stringify({ job: id, path }) : path}\n`);
    if (flags.json !== true) process.stderr.write(`check it with: npx styleflow verify ${path}\n`);
  });
}

/** Whole or not at all: half a package would look like one that somebody has cut. */
async function writeWhole(path: string, bytes: Readable): Promise<void> {
  const draft = `${path}.part`;
  try {
    await pipeline(bytes, createWriteStream(draft));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new JobError('invalid_request', `--out: nothing can be written to ${path}: ${folderFault(error)}`, {
      cause: error,
    });
  }
}
