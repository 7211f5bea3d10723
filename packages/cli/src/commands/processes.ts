import type { Command } from 'commander';

const PROCESSES = {
  api: 'the HTTP API',
  'cpu-worker': 'a CPU worker: prepares videos, finishes jobs',
  'gpu-worker': 'an inference worker: scores clips on one device',
} as const;

/**
 * Adds the three production processes. Each reads its settings from the environment and serves its health and metrics.
 */
export function addProcesses(program: Command): void {
  for (const [name, description] of Object.entries(PROCESSES)) {
    const command = program.command(name).description(`run ${description}`);
    command.addHelpText(
      'after',
      '\nSettings are environment variables: README.md, Settings. STYLEFLOW_STORE must be set.',
    );
    if (name === 'gpu-worker') command.option('--all', 'one worker per card whose name contains STYLEFLOW_GPU_NAME');
    command.action(async ({ all }: { all?: true }) => {
      if (all === true) await (await import('../gpu-workers/run-every-gpu.js')).runEveryGpu();
      else await import(`@styleflow/${name}/main`);
    });
  }
}
