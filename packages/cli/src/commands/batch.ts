import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Batch, StyleFlowClient } from '@styleflow/client';
import { JobError } from '@styleflow/contracts';
import { type Command, Option } from 'commander';
import { copy, writeResults } from '../batch/write-results.js';
import { countsText } from '../view/print-batch.js';
import { addBatchSubmit } from './batch-submit.js';
import { showBatch, waitForBatch } from './batch-wait.js';
import { addClientFlags, type ClientFlags, connect } from './client-flags.js';
import { watchInterruption } from './interruption.js';
import { parsePageSize } from './parse-arguments.js';

interface ExportFlags extends ClientFlags {
  readonly format?: 'ndjson' | 'csv';
  readonly excel?: true;
  readonly out?: string;
}

/** `styleflow batch …`: many videos at once, against a running API. */
export function addBatch(program: Command): void {
  const batch = program.command('batch').description('many videos at once: submit, follow, bring the table of results');
  addBatchSubmit(batch);
  addBatchList(batch);
  const onBatch = (name: string, description: string, act: (client: StyleFlowClient, id: string) => Promise<Batch>) =>
    addClientFlags(batch.command(name).argument('<batch>', "the batch's id").description(description)).action(
      async (id: string, flags: ClientFlags) => showBatch(await act(connect(flags), id), flags),
    );
  onBatch('status', 'show how far a batch is', (client, id) => client.batches.get(id));
  addBatchWait(batch);
  addBatchResults(batch);
  addBatchErrors(batch);
  onBatch('retry', 'run all failed items again', (client, id) => client.batches.retry(id));
  onBatch('cancel', 'start no further item and stop those that run; what has ended stays', (client, id) =>
    client.batches.cancel(id),
  );
  addClientFlags(batch.command('delete').argument('<batch>', "the batch's id"))
    .description('delete a batch, its jobs, and everything that is stored for them')
    .action(async (id: string, flags: ClientFlags) => {
      await connect(flags).batches.delete(id);
      process.stdout.write(flags.json === true ? `${JSON.stringify({ deleted: id })}\n` : `deleted ${id}\n`);
    });
}

function addBatchList(batch: Command): void {
  addClientFlags(batch.command('list').description('batches, newest first'))
    .option('--limit <n>', 'how many at most', parsePageSize, 50)
    .option('--cursor <cursor>', 'the next page, as the last one named it')
    .action(async ({ limit, cursor, ...flags }: ClientFlags & { limit: number; cursor?: string }) => {
      const page = await connect(flags).batches.page({ limit, ...(cursor === undefined ? {} : { cursor }) });
      if (flags.json === true) return void process.stdout.write(`${JSON.stringify(page)}\n`);
      const lines = page.batches.map((each) => `${each.id} ${each.status} · ${countsText(each)} · ${each.createdAt}`);
      const next = page.nextCursor === null ? [] : [`next page: --cursor ${page.nextCursor}`];
      process.stdout.write(`${[...(lines.length === 0 ? ['no batches'] : lines), ...next].join('\n')}\n`);
    });
}

function addBatchWait(batch: Command): void {
  addClientFlags(batch.command('wait').argument('<batch>', "the batch's id"))
    .description('follow a batch to its end; Ctrl-C leaves it running')
    .action(async (id: string, flags: ClientFlags) => {
      process.exitCode = await waitForBatch(connect(flags), id, flags);
    });
}

function addExportFlags(command: Command): Command {
  return addClientFlags(command)
    .addOption(new Option('--format <format>', 'one JSON object a line, or a table').choices(['ndjson', 'csv']))
    .option('--excel', 'CSV for spreadsheets: a byte order mark, and text that no program takes for a formula')
    .option('--out <file>', 'write to a file instead of stdout');
}

const formatOf = ({ format, json }: ExportFlags): 'ndjson' | 'csv' => format ?? (json === true ? 'ndjson' : 'csv');

function addBatchResults(batch: Command): void {
  addExportFlags(batch.command('results').argument('<batch>', "the batch's id"))
    .description('the results in the order of the manifest, as CSV unless --format or --json say otherwise')
    .option('--follow', 'go on until the last item has ended')
    .option('--cursor <cursor>', 'go on where an earlier call ended, as it said')
    .action(async (id: string, flags: ExportFlags & { follow?: true; cursor?: string }) => {
      const { signal, release } = watchInterruption('interrupted; the batch goes on, and so can its results');
      const { cursor, follow = false, excel = false } = flags;
      const wish = { format: formatOf(flags), follow, excel, cursor, signal };
      const next = await toOutput(flags, (out) => writeResults(connect(flags), id, wish, out)).finally(release);
      if (next === null) return;
      process.stderr.write(
        `the next item has not ended: --follow waits for it, --cursor ${next} goes on there later\n`,
      );
    });
}

function addBatchErrors(batch: Command): void {
  addExportFlags(batch.command('errors').argument('<batch>', "the batch's id"))
    .description('the faults of the manifest, then the items that have failed')
    .action(async (id: string, flags: ExportFlags) => {
      const { signal, release } = watchInterruption('interrupted');
      const { excel = false } = flags;
      const bytes = await connect(flags).batches.exportErrors(id, { format: formatOf(flags), excel, signal });
      await toOutput(flags, (out) => copy(bytes, out)).finally(release);
    });
}

/** Hands out stdout, or the file that `--out` names. */
async function toOutput<T>({ out }: ExportFlags, task: (out: Writable) => Promise<T>): Promise<T> {
  if (out === undefined) return task(process.stdout);
  const file = createWriteStream(out);
  const opened = finished(file).catch((cause: Error) => {
    throw new JobError('invalid_request', `--out: nothing can be written to ${out}: ${cause.message}`, { cause });
  });
  const done = await Promise.race([task(file), opened.then(() => Promise.reject(new Error('closed')))]);
  file.end();
  await opened;
  return done;
}
