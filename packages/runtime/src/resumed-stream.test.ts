import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { resumedStream } from './resumed-stream.js';

const WHOLE = 'abcdefghijklmnopqrstuvwxyz';
const cut = new Error('ECONNRESET');

/** The letters from one on; `letters` of them, and then the connection breaks. */
function lettersFrom(from: number, letters = Number.POSITIVE_INFINITY): Readable {
  async function* some(): AsyncGenerator<Buffer, void> {
    const upTo = Math.min(WHOLE.length, from + letters);
    for (let at = from; at < upTo; at += 1) yield Buffer.from(WHOLE.charAt(at));
    if (upTo < WHOLE.length) throw cut;
  }
  return Readable.from(some(), { objectMode: false });
}

const never = (): Promise<never> => Promise.reject(new Error('not to be opened'));

describe('a stream that is resumed', () => {
  it('passes a whole one on, and opens nothing', async () => {
    expect(await text(resumedStream(lettersFrom(0), { bytes: WHOLE.length, reopen: never }))).toBe(WHOLE);
  });

  it('goes on where it broke, as often as each part brings something, up to a bound', async () => {
    const asked: number[] = [];
    const reopen = async (from: number) => {
      asked.push(from);
      return lettersFrom(from, 5);
    };
    expect(await text(resumedStream(lettersFrom(0, 5), { bytes: WHOLE.length, reopen }))).toBe(WHOLE);
    expect(asked).toEqual([5, 10, 15, 20, 25]);
    const slow = resumedStream(lettersFrom(0, 2), { bytes: null, reopen: async (from) => lettersFrom(from, 2) });
    await expect(text(slow)).rejects.toBe(cut);
  });

  it('takes an end before its length for a break', async () => {
    const short = Readable.from([Buffer.from('abc')], { objectMode: false });
    const whole = resumedStream(short, { bytes: WHOLE.length, reopen: async (from) => lettersFrom(from) });
    expect(await text(whole)).toBe(WHOLE);
    const lost = Readable.from([Buffer.from('abc')], { objectMode: false });
    const broken = resumedStream(lost, { bytes: WHOLE.length, reopen: async () => null });
    await expect(text(broken)).rejects.toThrow('3 of 26 bytes came');
  });

  it('ends with the break where a part brings nothing, or the rest cannot be had', async () => {
    let opened = 0;
    const reopen = async (from: number) => {
      opened += 1;
      return lettersFrom(from, 0);
    };
    await expect(text(resumedStream(lettersFrom(0, 4), { bytes: null, reopen }))).rejects.toBe(cut);
    expect(opened).toBe(1);
    await expect(text(resumedStream(lettersFrom(0, 0), { bytes: null, reopen: never }))).rejects.toBe(cut);
    const gone = resumedStream(lettersFrom(0, 4), { bytes: null, reopen: async () => null });
    await expect(text(gone)).rejects.toBe(cut);
  });

  it('ends also where the stream had broken before', async () => {
    const lost = lettersFrom(0);
    lost.destroy();
    await expect(text(resumedStream(lost, { bytes: null, reopen: never }))).rejects.toThrow('the stream was cut');
  });

  it('ends with what opening the rest throws', async () => {
    const changed = new Error('another file');
    const stream = resumedStream(lettersFrom(0, 4), { bytes: null, reopen: () => Promise.reject(changed) });
    await expect(text(stream)).rejects.toBe(changed);
  });

  it('reads no further than it is read, and destroys what it reads', async () => {
    let made = 0;
    const source = new Readable({
      read() {
        made += 1;
        this.push(Buffer.alloc(16_384));
      },
    });
    const stream = resumedStream(source, { bytes: null, reopen: never });
    for await (const chunk of stream) {
      expect(chunk.length).toBe(16_384);
      break;
    }
    expect(made).toBeLessThan(20);
    expect(source.destroyed).toBe(true);
  });
});
