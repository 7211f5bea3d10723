import { connect } from 'node:net';
import type { RedisServer } from '@styleflow/testing';

/** What Redis reports of its own work so far. */
export interface RedisFigures {
  readonly commands: number;
  readonly cpuSeconds: number;
}

/** Reads INFO over a connection of its own. The call itself counts as one command. */
export async function redisFigures({ port }: RedisServer): Promise<RedisFigures> {
  const info = await new Promise<string>((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.end('INFO everything\r\nQUIT\r\n'));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
  });
  const read = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? Number.NaN);
  return {
    commands: read('total_commands_processed'),
    cpuSeconds: read('used_cpu_user') + read('used_cpu_sys'),
  };
}
