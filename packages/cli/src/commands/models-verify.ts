import { type VerifiedBundle, verifyBundle } from '@styleflow/bundles/verify';
import { cudaEnvironment, type ExecutionProvider, inferenceSettings, sayFallback } from '@styleflow/inference';
import { type Command, InvalidArgumentError } from 'commander';
import { setEnv } from '../env.js';
import { tableLines } from '../view/table.js';
import { linesOf, rowOf } from './models-list.js';

interface VerifyFlags {
  readonly record?: true;
  readonly providers: readonly ExecutionProvider[];
  readonly json?: true;
}

/** `styleflow models verify`. */
export function addModelsVerify(models: Command): void {
  models
    .command('verify')
    .argument('<dir>', "a bundle's folder")
    .description('verify the digest of every file, run the graph on a built-in clip, compare with what was recorded')
    .option('--record', 'store what the graph gives now, to compare with from here on')
    .option('--providers <list>', 'execution providers, in order', parseProviders, ['cpu'])
    .option('--json', 'answer as JSON on stdout')
    .action(verify);
}

async function verify(dir: string, { record, providers, json }: VerifyFlags): Promise<void> {
  // TF32 would round factors to 10 bits, but numbers are compared here.
  setEnv(cudaEnvironment({ tf32: false }));
  const { bundle, ...run } = await verifyBundle(dir, { providers, record: record === true });
  const row = rowOf(bundle);
  if (json === true) {
    process.stdout.write(`${JSON.stringify([{ ...row, ...run }])}\n`);
    return;
  }
  const differences = Object.entries(run.differences).map(([name, { difference, allowed }]) => [
    name,
    difference.toExponential(1),
    allowed.toExponential(1),
  ]);
  const fallback = sayFallback(run, run.provider);
  const lines = [
    ...linesOf(row),
    `  ran ${run.graphs.join(', ')} on ${run.provider} in ${run.seconds.toFixed(2)} s; ${sayExpectations(run)}`,
    ...(fallback === null ? [] : [`  ${fallback}`]),
    ...(differences.length > 0 ? tableLines(['output', 'largest |Δ|', 'allowed'], differences) : []).map(
      (line) => `  ${line}`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function sayExpectations({ expectations, recordedOn }: Omit<VerifiedBundle, 'bundle'>): string {
  switch (expectations) {
    case 'matched':
      return `it gives what was recorded on ${recordedOn}`;
    case 'recorded':
      return 'recorded what it gives';
    case 'none':
      return 'nothing is recorded to compare with (--record)';
  }
}

function parseProviders(text: string): ExecutionProvider[] {
  const parsed = inferenceSettings.STYLEFLOW_EXECUTION_PROVIDERS.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'allowed: a list of execution providers');
}
