import { connect } from 'node:net';

/** Sends one command to the Redis on this port, as an operator's hand would. @returns the reply's first line. @throws on an error reply */
export function sendRedisCommand(port: number, args: readonly string[]): Promise<string> {
  const parts = args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`*${args.length}\r\n${parts.join('')}`));
    socket.once('error', reject);
    socket.once('data', (chunk) => {
      const [line = ''] = chunk.toString().split('\r\n');
      socket.destroy();
      if (line.startsWith('-')) reject(new Error(line));
      else resolve(line);
    });
  });
}
