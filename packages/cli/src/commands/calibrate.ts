import { resolve } from 'node:path';
import { calibrateBundle, openServableBundle } from '@styleflow/bundles';
import { JobError } from '@styleflow/contracts';
import { type CalibrationMethod, calibrateRun, type RunCalibration, type ThresholdChoice } from '@styleflow/judging';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { RunFolder } from '../judge/run-folder.js';
import { analyse } from '../judge/write-outputs.js';
import { printCalibration } from '../view/print-calibration.js';

interface CalibrateFlags {
  readonly bundle: string;
  readonly out?: string;
  readonly name?: string;
  readonly threshold: ThresholdChoice['by'];
  readonly method?: CalibrationMethod;
  readonly maxFpr: number;
  readonly maxFnr?: number;
  readonly confidence: number;
  readonly costFp: number;
  readonly costFn: number;
  readonly fakeShare: number;
  readonly json?: true;
}

const ABOUT = `
The run must have followed the protocol all-faces, which is the service's own rule, with the bundle in --bundle. The new bundle has the same
weights, another id, and is tied to what the run was scored with: jobs with other options get the answer inconclusive, outside_calibration.
Thresholds:
  youden   greatest TPR − FPR
  fpr      at most --max-fpr real videos are called fake, with --confidence
  costs    lowest cost, by --cost-fp, --cost-fn and --fake-share
  doubt    two thresholds by --max-fpr and --max-fnr; between them the answer is inconclusive, score_in_doubt`;

/** `styleflow calibrate`: a new bundle with a threshold that was measured. */
export function addCalibrate(program: Command): void {
  program
    .command('calibrate')
    .argument('<run>', 'folder of a run of `styleflow evaluate`')
    .description('make a calibrated bundle from a run on labelled videos')
    .requiredOption('--bundle <dir>', 'the bundle that scored the run')
    .option('--out <dir>', "the new bundle's folder (default: the old one's with -calibrated)")
    .option('--name <name>', "the new bundle's name (default: the old one's)")
    .addOption(
      new Option('--threshold <how>', 'how it is chosen').choices(['youden', 'fpr', 'costs', 'doubt']).default('fpr'),
    )
    .addOption(new Option('--method <method>', 'default: the better one').choices(['platt', 'isotonic']))
    .option('--max-fpr <rate>', 'highest false-positive rate', parseShare, 0.05)
    .option('--max-fnr <rate>', 'highest rate of missed fakes (default: --max-fpr)', parseShare)
    .option('--confidence <share>', 'that the rates hold', parseShare, 0.95)
    .option('--cost-fp <cost>', 'of a real video called fake', parseCost, 1)
    .option('--cost-fn <cost>', 'of a fake called real', parseCost, 1)
    .option('--fake-share <share>', 'of fakes among the videos to come', parseShare, 0.5)
    .option('--json', 'answer as JSON on stdout')
    .addHelpText('after', ABOUT)
    .action(calibrateBundleByRun);
}

async function calibrateBundleByRun(path: string, flags: CalibrateFlags): Promise<void> {
  const folder = await RunFolder.open(path);
  const { run } = folder;
  const bundle = await openServableBundle(flags.bundle);
  if (run.served !== null && run.served.digest !== bundle.digest)
    throw new JobError(
      'invalid_request',
      `the run was scored by ${run.served.bundle}, and ${flags.bundle} holds ${bundle.id}`,
    );
  const made = fromRun(() => calibrateRun(run, analyse(folder), { choice: choiceOf(flags), wanted: flags.method }));
  const { calibration, threshold, thresholds, ranges, styleBand, fakes, reals, words } = made;
  const now = new Date();
  const out = resolve(flags.out ?? `${resolve(flags.bundle)}-calibrated`);
  const written = await calibrateBundle(bundle, out, {
    name: flags.name ?? bundle.manifest.name,
    now,
    facts: {
      ...{ calibration, threshold, ranges, ...(thresholds && { thresholds }), ...(styleBand && { styleBand }) },
      calibratedOn: {
        ...{
          run: run.id,
          date: now.toISOString(),
          data: run.data.digest,
          bundle: bundle.id,
          fakes,
          reals,
          method: words,
        },
        ...(run.served && { conditions: run.served.conditions }),
      },
    },
  });
  const shown = { id: written.id, digest: written.digest, directory: out, from: bundle.id, ...made };
  process.stdout.write(flags.json === true ? `${JSON.stringify(shown)}\n` : `${printCalibration(shown).join('\n')}\n`);
}

function choiceOf({
  threshold,
  maxFpr,
  maxFnr,
  confidence,
  costFp,
  costFn,
  fakeShare,
}: CalibrateFlags): ThresholdChoice {
  const bound = (rate: number) => ({ rate, confidence });
  switch (threshold) {
    case 'youden':
      return { by: 'youden' };
    case 'fpr':
      return { by: 'fpr', bound: bound(maxFpr) };
    case 'costs':
      return { by: 'costs', costs: { falsePositive: costFp, falseNegative: costFn, fakeShare } };
    case 'doubt':
      return { by: 'doubt', fpr: bound(maxFpr), fnr: bound(maxFnr ?? maxFpr) };
  }
}

/** What a run cannot give is the caller's to mend. */
function fromRun(make: () => RunCalibration): RunCalibration {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw new JobError('invalid_request', error.message);
    throw error;
  }
}

function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1))
    throw new InvalidArgumentError('allowed: a number between 0 and 1');
  return value;
}

function parseCost(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && Number.isFinite(value)))
    throw new InvalidArgumentError('allowed: a number above 0');
  return value;
}
