import type { Batch, StyleFlowClient } from '@styleflow/client';
import { JobError } from '@styleflow/contracts';
import { printCount } from '@styleflow/runtime';
import { type Command, Option } from 'commander';
import { outcomeOf } from '../batch/batch-outcome.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type ChosenJobs, chooseJobs } from '../rescore/choose-jobs.js';
import { readChanges } from '../rescore/report-changes.js';
import { rescoreKey, rescoreManifest } from '../rescore/rescore-manifest.js';
import { parseWhere } from '../rescore/where.js';
import { followBatch } from '../view/batch-progress.js';
import { printBatch, printDryRun } from '../view/print-batch.js';
import { printComparisons, printRescoreCounts, type RescoreFormat, rescoreRow } from '../view/print-rescore.js';
import { addClientFlags, type ClientFlags, connect } from './client-flags.js';
import { watchInterruption } from './interruption.js';
import { addJobFlags, type JobFlags, jobOptionsOf } from './job-options.js';

interface RescoreFlags extends ClientFlags, JobFlags {
  readonly bundle?: string;
  readonly where?: readonly string[];
  readonly all?: true;
  readonly dryRun?: true;
  readonly unchanged?: true;
  readonly format: RescoreFormat;
}

/** The most that one batch of them takes in one call. */
const JOBS_MAX = 400_000;

/** Of a dry run: most of them say the same of other jobs. `--json` has them all. */
const FAULTS_SHOWN = 5;

const ABOUT = `
--where names jobs as the list of jobs does: status, verdict, minScore, maxScore, batch, q (the beginning of the file name or id), and since
and until (2026-01-31, or 12h, 7d ago). Without a status those that have succeeded; items of a batch only by its id (batch=bat_…). For example:
  styleflow rescore --bundle ID --where 'verdict=fake maxScore=0.6 since=30d'
Each is scored again as it was scored before, from the clips or the video that it kept (--keep-crops, --keep-source), else from its URL or
S3 object; a flag below says otherwise for all of them. Its result stays as it is: the new one is another job. The same command goes on with the same
batch; with the id of the batch alone, \`styleflow rescore BATCH\` shows what it changed.`;

/** `styleflow rescore`: ended jobs once more, with another bundle, and what that changes. */
export function addRescore(program: Command): void {
  const rescore = program
    .command('rescore')
    .argument('[batch]', 'a batch of an earlier call: shows what changed, and waits for it where it runs')
    .description('score ended jobs again with another bundle, and show the verdicts that change')
    .addHelpText('after', ABOUT);
  addJobFlags(addClientFlags(rescore))
    .option('--bundle <id>', 'id of the model bundle that is to judge')
    .option('--where <terms...>', 'which jobs: name=value, several with blanks between them')
    .option('--all', 'all single jobs that have succeeded, where there is no --where')
    .option('--dry-run', 'only say how many jobs that would be, and what they would take')
    .option('--unchanged', 'also show the verdicts that stayed')
    .addOption(
      new Option('--format <format>', 'how the changes are written')
        .choices(['table', 'ndjson', 'csv'])
        .default('table'),
    )
    .action(async (batch: string | undefined, flags: RescoreFlags) => {
      process.exitCode = await run(batch, flags);
    });
}

async function run(id: string | undefined, flags: RescoreFlags): Promise<ExitCode> {
  const client = connect(flags);
  if (id !== undefined) {
    if (flags.bundle !== undefined || flags.where !== undefined || flags.all !== undefined) {
      throw new JobError('invalid_request', 'a batch of an earlier call is shown by its id alone');
    }
    return followAndShow(client, await client.batches.get(id), { jobs: [], judged: 0, repeats: 0 }, flags);
  }
  const { bundle } = flags;
  if (bundle === undefined) throw new JobError('invalid_request', '--bundle: name the bundle that is to judge');
  if ((flags.where === undefined) === (flags.all === undefined)) {
    throw new JobError('invalid_request', 'say which jobs: --where, or --all for all single ones that have succeeded');
  }
  const where = parseWhere(flags.where ?? []);
  await tellOfBundle(client, bundle);
  const options = { bundle, ...jobOptionsOf(flags) };
  const { signal, release } = watchInterruption('interrupted; nothing was submitted');
  try {
    const chosen = await chooseJobs(client, where, bundle, signal);
    say(chosen, bundle);
    if (chosen.jobs.length === 0) return showNothing(flags);
    if (chosen.jobs.length > JOBS_MAX) {
      throw new JobError('invalid_request', `more than ${JOBS_MAX} jobs at once: narrow them by --where since, until`);
    }
    const manifest = rescoreManifest(chosen.jobs);
    const rows = { ndjson: new Blob([manifest]) };
    if (flags.dryRun === true) {
      const answer = await client.batches.dryRun(rows, { options, skipInvalid: true, signal });
      const { jobs, judged, repeats } = chosen;
      const shown = { bundle, jobs: jobs.length, judged, repeats, ...answer };
      const { count, listed } = answer.faults;
      const some = { ...answer, faults: { count, listed: listed.slice(0, FAULTS_SHOWN) } };
      const lines = (): string[] => printDryRun({ files: 0, bytes: '', answer: some });
      process.stdout.write(flags.json === true ? `${JSON.stringify(shown)}\n` : `${lines().join('\n')}\n`);
      return answer.accepted ? EXIT.done : EXIT.refused;
    }
    const idempotencyKey = rescoreKey(manifest, options);
    const batch = await client.batches.create(rows, { options, skipInvalid: true, idempotencyKey, signal });
    release();
    return await followAndShow(client, batch, chosen, flags);
  } finally {
    release();
  }
}

/** Where it is known that nothing would come of it, or only after a wait, that is said before the jobs are looked for. */
async function tellOfBundle(client: StyleFlowClient, bundle: string): Promise<void> {
  const { models } = await client.models();
  const model = models.find(({ id }) => id === bundle);
  if (model === undefined) {
    const known = models.map(({ id }) => id).join(', ') || 'none';
    throw new JobError('bundle_unknown', `No bundle ${bundle} is known to the API; it knows ${known}.`);
  }
  if (!model.trained) process.stderr.write(`${bundle} is untrained: all its verdicts are inconclusive\n`);
  if (model.workers === 0) process.stderr.write(`no worker serves ${bundle} now: the jobs wait until one does\n`);
}

function say({ jobs, judged, repeats }: ChosenJobs, bundle: string): void {
  const left = [
    ...(judged === 0 ? [] : [`${judged.toLocaleString('en')} that ${bundle} has judged already`]),
    ...(repeats === 0 ? [] : [`${repeats.toLocaleString('en')} that only repeat another of them`]),
  ];
  const without = left.length === 0 ? '' : `; without ${left.join(' and ')}`;
  process.stderr.write(`${printCount(jobs.length, 'job')} to score again${without}\n`);
}

function showNothing({ json, format }: RescoreFlags): ExitCode {
  if (json === true) process.stdout.write(`${JSON.stringify({ batch: null, counts: null, changes: [] })}\n`);
  else process.stdout.write(printComparisons([], format));
  return EXIT.done;
}

/** An interruption leaves the batch running, and says how to come back. */
async function followAndShow(
  client: StyleFlowClient,
  batch: Batch,
  { jobs }: ChosenJobs,
  flags: RescoreFlags,
): Promise<ExitCode> {
  const { id } = batch;
  const { signal, release } = watchInterruption(
    `interrupted; the batch goes on. \`npx styleflow rescore ${id}\` shows what changed, \`npx styleflow batch results ${id}\` all results, \`npx styleflow batch cancel ${id}\` ends it`,
  );
  try {
    const screen = followBatch(process.stderr);
    const waited = client.batches.wait(id, { onChange: (seen) => screen.show(seen), signal });
    const ended = await waited.finally(() => screen.end());
    if (ended.status === 'refused') {
      process.stderr.write(`${['none of them can be scored again:', ...printBatch(ended)].join('\n')}\n`);
      if (flags.json === true) process.stdout.write(`${JSON.stringify({ batch: id, counts: null, changes: [] })}\n`);
      return EXIT.refused;
    }
    const known = new Map(jobs.map((job) => [job.id as string, job]));
    const isAll = flags.unchanged === true;
    const { counts, comparisons } = await readChanges(client, ended, known, { isAll, signal });
    if (flags.json === true) {
      const shown = { batch: id, counts, changes: comparisons.map(rescoreRow) };
      process.stdout.write(`${JSON.stringify(shown)}\n`);
    } else {
      process.stdout.write(printComparisons(comparisons, flags.format));
      const more = counts.refused + counts.failed + counts.lost > 0 ? ` · \`npx styleflow batch errors ${id}\`` : '';
      const line = `${printRescoreCounts(counts)} · batch ${id}${more}\n`;
      // A table's last line; of what programs read it is no part.
      (flags.format === 'table' ? process.stdout : process.stderr).write(line);
    }
    return outcomeOf(ended);
  } finally {
    release();
  }
}
