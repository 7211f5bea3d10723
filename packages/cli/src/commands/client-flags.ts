import { StyleFlowClient } from '@styleflow/client';
import type { Command } from 'commander';
import { clientDefaults } from '../env.js';

/** The flags of every command that talks to a running API. */
export interface ClientFlags {
  readonly api: string;
  readonly key?: string;
  readonly json?: true;
}

export function addClientFlags(command: Command): Command {
  return command
    .option('--api <url>', 'address of the API (STYLEFLOW_API)', clientDefaults.api)
    .option('--key <key>', 'API key; better in STYLEFLOW_API_KEY, which no process list shows')
    .option('--json', 'answer as JSON on stdout');
}

/** The key of a call. It is not the flag's default, because `--help` prints defaults. */
export const keyOf = ({ key }: ClientFlags): string | undefined => key ?? clientDefaults.key;

export const connect = (flags: ClientFlags): StyleFlowClient =>
  new StyleFlowClient({ api: flags.api, key: keyOf(flags) });
