import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultyLink, startFaultyLink } from './faulty-link.js';
import { type LoopbackServer, startHttpServer } from './http-server.js';
import { until } from './until.js';

describe('startFaultyLink', () => {
  let server: LoopbackServer;
  let link: FaultyLink;
  let answered = 0;
  beforeEach(async () => {
    answered = 0;
    server = await startHttpServer((_, response) => {
      answered += 1;
      response.end('answer');
    });
    link = await startFaultyLink({ port: server.port });
  });
  afterEach(async () => {
    await link.stop();
    await server.stop();
  });
  const ask = async (): Promise<string> => (await fetch(`http://127.0.0.1:${link.port}`)).text();

  it('passes everything until it is cut, and again after it is restored', async () => {
    expect(await ask()).toBe('answer');
    link.cut();
    await until('nobody is connected', () => link.connections === 0);
    await expect(ask()).rejects.toThrow('fetch failed');
    link.restore();
    expect(await ask()).toBe('answer');
  });

  it('keeps silent while it is stalled and passes what was sent once it is restored', async () => {
    link.stall();
    const asking = ask();
    await until('somebody is connected', () => link.connections === 1);
    const isSilent = Symbol();
    const soon = new AbortController();
    const timer = setTimeout(() => soon.abort(), 100);
    const first = await Promise.race([asking, once(soon.signal, 'abort').then(() => isSilent)]);
    clearTimeout(timer);
    expect(first).toBe(isSilent);
    expect(answered).toBe(0);
    link.restore();
    expect(await asking).toBe('answer');
  });

  it('lets what is asked through while it is muted, and no answer', async () => {
    // Connected and asked before: what is sent after that goes through once, not twice.
    const socket = connect(link.port, '127.0.0.1');
    const heard: string[] = [];
    socket.on('data', (data) => heard.push(data.toString()));
    const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
    socket.write(request);
    await until('it answers', () => heard.join('').includes('answer'));
    link.mute();
    heard.length = 0;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write(request);
    await until('it is asked', () => answered === 2);
    link.restore();
    await closed;
    expect([answered, heard]).toEqual([2, []]);
    expect(await ask()).toBe('answer');
  });

  it('is slow while it is told so', async () => {
    link.slow({ delayMs: 150 });
    const startedAt = performance.now();
    expect(await ask()).toBe('answer');
    // The question and the answer.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290);
    link.restore();
    expect(await ask()).toBe('answer');
  });

  it('passes no faster than the rate of the line', async () => {
    link.slow({ bytesPerSecond: 1_000 });
    const startedAt = performance.now();
    const long = await fetch(`http://127.0.0.1:${link.port}/${'x'.repeat(500)}`);
    expect(await long.text()).toBe('answer');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(500);
  });

  it('changes what passes, each way, while it is told so', async () => {
    link.corrupt((piece, direction) =>
      direction === 'toServer' ? piece : Buffer.from(piece.toString('latin1').replace('answer', 'wrong!'), 'latin1'),
    );
    expect(await ask()).toBe('wrong!');
    link.restore();
    expect(await ask()).toBe('answer');
  });
});
