import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { mendConnection, mendHead } from './mended-connection.js';

const head = (...lines: string[]): string => `${['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n')}`;
const LENGTH = 'Content-Length: 5';

describe('the head of an answer', () => {
  it.each([
    ['twice', [LENGTH, 'Content-Type: video/mp4', 'content-length:5']],
    ['thrice', [LENGTH, LENGTH, LENGTH, 'Content-Type: video/mp4']],
    ['twice in one line', ['Content-Length: 5, 5', 'Content-Type: video/mp4']],
  ])('that tells one length %s tells it once', (_times, lines) => {
    expect(mendHead(head(...lines))).toBe(head(LENGTH, 'Content-Type: video/mp4'));
  });

  it.each([
    [[LENGTH]],
    [[LENGTH, 'Content-Length: 6']],
    [['Content-Length: 5, 6']],
    [['Content-Length: 5', 'Content-Length: 05']],
    [['X-Content-Length: 5', LENGTH]],
    [['Content-Length: +5', 'Content-Length: +5']],
  ])('stays as it is with %j', (lines) => {
    expect(mendHead(head(...lines))).toBe(head(...lines));
  });
});

describe('a mended connection', () => {
  async function through(...chunks: string[]): Promise<string> {
    const connection = new PassThrough();
    const mended = mendConnection(connection);
    for (const chunk of chunks) connection.write(chunk);
    connection.end();
    return text(mended);
  }

  it('mends the head alone, however it is cut', async () => {
    const twice = head(LENGTH, LENGTH);
    const body = `${LENGTH}\r\n${LENGTH}\r\n\r\n`;
    expect(await through(...`${twice}${body}`)).toBe(head(LENGTH) + body);
    expect(await through(twice + body)).toBe(head(LENGTH) + body);
  });

  it('mends the head behind an interim answer', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n';
    expect(await through(`${hints}${head(LENGTH, LENGTH)}video`)).toBe(`${hints}${head(LENGTH)}video`);
  });

  it('passes on what has no end of a head, and heads that are too long', async () => {
    expect(await through('HTTP/1.1 200 OK\r\nX: ')).toBe('HTTP/1.1 200 OK\r\nX: ');
    const long = head(LENGTH, `X: ${'a'.repeat(70_000)}`, LENGTH);
    expect(await through(long.slice(0, 66_000), long.slice(66_000))).toBe(long);
  });

  it('fails with the connection, and ends it', async () => {
    const reset = new Error('reset');
    const connection = new PassThrough();
    const mended = mendConnection(connection);
    connection.destroy(reset);
    await expect(text(mended)).rejects.toBe(reset);
    const other = new PassThrough();
    mendConnection(other).destroy();
    expect(other.destroyed).toBe(true);
  });
});
