import type { Batch, StyleFlowClient } from '@styleflow/client';
import type { Combine } from '@styleflow/contracts';
import type { Command } from 'commander';
import { type BatchSubmission, submitBatch, tryBatch } from '../batch/submit-batch.js';
import { stateFolder } from '../env.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { printBatch, printDryRun } from '../view/print-batch.js';
import { sizeText } from '../view/table.js';
import { waitForBatch } from './batch-wait.js';
import { addClientFlags, type ClientFlags, connect, keyOf } from './client-flags.js';
import { watchInterruption } from './interruption.js';
import {
  addJobFlags,
  bundleOptionsOf,
  combineOption,
  type JobFlags,
  jobOptionsOf,
  parseIds,
  stabilityOption,
} from './job-options.js';
import { parseParallel } from './parse-arguments.js';

interface BatchSubmitFlags extends ClientFlags, JobFlags {
  readonly bundle?: string;
  readonly bundles?: readonly string[];
  readonly combine?: Combine;
  readonly skipInvalid?: true;
  readonly dryRun?: true;
  readonly parallel: number;
  readonly wait?: true;
}

const ABOUT_INPUTS = `
A manifest is CSV with a header, NDJSON or JSON; its column \`source\` holds http(s) URLs, s3://bucket/key, upload:ID, or paths of
files and folders, which count from the manifest's folder. Of a folder all videos are taken, also those in folders below it.
Files are uploaded first. Interrupted, the same command goes on where it stopped.`;

/** `styleflow batch submit`: uploads what is on this machine, submits the batch, and says what became of its manifest. */
export function addBatchSubmit(batch: Command): void {
  const submit = batch
    .command('submit')
    .argument('<input...>', 'a manifest, or folders, patterns and files')
    .description('submit many videos at once')
    .addHelpText('after', ABOUT_INPUTS);
  addJobFlags(addClientFlags(submit))
    .option('--bundle <id>', 'id of the model bundle (default: the one that the system serves)')
    .option('--bundles <ids>', 'instead: ids of up to four bundles, with commas, that all judge each video', parseIds)
    .addOption(combineOption())
    .addOption(stabilityOption())
    .option('--skip-invalid', 'take the rows without a fault, instead of refusing the manifest as a whole')
    .option('--dry-run', 'only say what is wrong with the manifest, and what it would take')
    .option('--parallel <n>', 'files to upload at once', parseParallel, 4)
    .option('--wait', 'follow the batch to its end')
    .action(async (inputs: string[], flags: BatchSubmitFlags) => {
      process.exitCode = await run(inputs, flags);
    });
}

async function run(inputs: readonly string[], flags: BatchSubmitFlags): Promise<ExitCode> {
  const client = connect(flags);
  const { signal, release } = watchInterruption(
    'interrupted; no batch was made. The same command goes on where it stopped',
  );
  const options = { ...jobOptionsOf(flags), ...bundleOptionsOf(flags) };
  const submission: BatchSubmission = {
    ...{ inputs, parallel: flags.parallel, stateFolder, signal, stream: process.stderr },
    options: Object.keys(options).length === 0 ? undefined : options,
    skipInvalid: flags.skipInvalid === true,
    owner: [flags.api, keyOf(flags) ?? ''],
  };
  try {
    if (flags.dryRun === true) return await showTry(client, submission, flags);
    const batch = await submitBatch(client, submission);
    release();
    return flags.wait === true ? await waitForBatch(client, batch.id, flags) : await showJudged(client, batch, flags);
  } finally {
    release();
  }
}

async function showTry(client: StyleFlowClient, submission: BatchSubmission, { json }: ClientFlags): Promise<ExitCode> {
  const { files, bytes, answer } = await tryBatch(client, submission);
  const shown = { ...answer, upload: { files, bytes } };
  const lines = (): string[] => printDryRun({ files, bytes: sizeText(bytes), answer });
  process.stdout.write(json === true ? `${JSON.stringify(shown)}\n` : `${lines().join('\n')}\n`);
  return answer.accepted ? EXIT.done : EXIT.refused;
}

/** Waits until the manifest has been judged, and shows the batch. An interruption leaves it alone. */
async function showJudged(client: StyleFlowClient, batch: Batch, { json }: ClientFlags): Promise<ExitCode> {
  const { signal, release } = watchInterruption(
    `interrupted; the batch goes on. \`npx styleflow batch wait ${batch.id}\` follows it, \`npx styleflow batch cancel ${batch.id}\` ends it`,
  );
  try {
    const judged = await client.batches.validated(batch.id, { signal });
    const next = judged.status === 'refused' ? [] : [`follow:  \`npx styleflow batch wait ${batch.id}\``];
    process.stdout.write(
      json === true ? `${JSON.stringify(judged)}\n` : `${[...printBatch(judged), ...next].join('\n')}\n`,
    );
    return judged.status === 'refused' ? EXIT.refused : EXIT.done;
  } finally {
    release();
  }
}
