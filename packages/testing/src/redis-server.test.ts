import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from './redis-server.js';

/** Sends one inline command over a new connection and answers the raw reply. */
function ask(server: RedisServer, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('data', (reply) => {
      resolve(reply.toString().trim());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

describe('startRedis', () => {
  const servers: RedisServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  async function start(): Promise<RedisServer> {
    const server = await startRedis();
    servers.push(server);
    return server;
  }

  it('gives each caller a server of its own', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(await ask(one, 'SET word one')).toBe('+OK');
    expect(await ask(two, 'GET word')).toBe('$-1');
    expect(one.port).not.toBe(two.port);
  });

  it('keeps answered writes through a kill and a restart', async () => {
    const server = await start();
    const firstPid = server.pid;
    await ask(server, 'SET word kept');
    await server.kill9();
    await expect(ask(server, 'GET word')).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(server.pid).not.toBe(firstPid);
    expect(await ask(server, 'GET word')).toContain('kept');
    expect(await ask(server, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
  });
});
