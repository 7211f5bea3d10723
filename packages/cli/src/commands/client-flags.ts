import { StyleFlowClient } from '@styleflow/client';
import type { Command } from 'commander';
import { clientDefaults } from '../env.js';

/** What every command takes that talks to a running API. */
export interface ClientFlags {
  readonly api: string;
  readonly key?: string;
  readonly json?: true;
}

export function addClientFlags(command: Command): Command {
  return command
    .option('--api <url>', 'address of the API (STYLEFLOW_API)', clientDefaults.api)
    .option('--key <key>', 'API key (STYLEFLOW_API_KEY)', clientDefaults.key)
    .option('--json', 'answer as JSON on stdout');
}

export const connect = ({ api, key }: ClientFlags): StyleFlowClient => new StyleFlowClient({ api, key });
