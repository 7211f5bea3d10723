import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type OutputMemory, readDirectly } from './direct-output.js';

const BYTES = 300_000;
const WRITES = `process.stdout.write(Uint8Array.from({ length: ${BYTES} }, (_, i) => i * 7))`;

describe('readDirectly', () => {
  it('puts all output into the memory that is given, and none while there is no room', async () => {
    const child = spawn(process.execPath, ['-e', WRITES], { stdio: ['ignore', 'pipe', 'inherit'] });
    const room = new Uint8Array(10_000);
    const seen: Buffer[] = [];
    let isFull = false;
    let unasked = 0;
    readDirectly(child, {
      place: () => room,
      wrote(bytes) {
        if (isFull) unasked += 1;
        seen.push(Buffer.from(room.subarray(0, bytes)));
        isFull = seen.length % 3 === 0;
        if (isFull)
          setImmediate(() => {
            isFull = false;
            child.stdout?.resume();
          });
        return !isFull;
      },
    });
    child.stdout?.resume();
    await once(child.stdout ?? child, 'end');
    expect(unasked).toBe(0);
    expect(Buffer.concat(seen).equals(Buffer.from(Uint8Array.from({ length: BYTES }, (_, i) => i * 7)))).toBe(true);
  });

  it('leaves a child alone that could not be started', async () => {
    const child = spawn('/nowhere/at/all', { stdio: ['ignore', 'pipe', 'inherit'] });
    const nothing: OutputMemory = { place: () => new Uint8Array(1), wrote: () => true };
    readDirectly(child, nothing);
    const [error] = await once(child, 'error');
    expect(error).toMatchObject({ code: 'ENOENT' });
  });
});
