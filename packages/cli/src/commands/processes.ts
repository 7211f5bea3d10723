import type { Command } from 'commander';

const PROCESSES = {
  api: 'the HTTP API',
  'cpu-worker': 'a CPU worker: prepares videos, finishes jobs',
  'gpu-worker': 'an inference worker: scores clips on one device',
} as const;

/** The three production processes. Each reads its settings from the environment and serves its own health and metrics. */
export function addProcesses(program: Command): void {
  for (const [name, description] of Object.entries(PROCESSES)) {
    program
      .command(name)
      .description(`run ${description}`)
      .action(async () => {
        await import(`@styleflow/${name}/main`);
      });
  }
}
