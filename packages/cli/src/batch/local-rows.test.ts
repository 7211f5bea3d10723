import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestPrinter, readLocalManifest } from './local-manifest.js';
import { findLocalSources, rowsWithSources } from './local-rows.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-manifest-'));
  await mkdir(join(folder, 'shelf'));
  for (const name of ['a b.mp4', 'shelf/1.mp4', 'shelf/2.mp4']) await writeFile(join(folder, name), name);
});
afterAll(() => rm(folder, { recursive: true }));

/** The manifest as it is sent, with `up:NAME` instead of each file. */
async function sent(name: string, text: string): Promise<string> {
  const manifest = join(folder, name);
  await writeFile(manifest, text);
  const sources = await findLocalSources(manifest);
  const print = manifestPrinter(name.endsWith('.csv') ? 'csv' : 'ndjson');
  let printed = '';
  for await (const row of rowsWithSources(manifest, sources, (path) => `up:${basename(path)}`)) printed += print(row);
  return printed;
}

describe('a manifest on this machine', () => {
  it('of CSV is sent with uploads in the place of paths; everything else stays', async () => {
    const text = '\ufeffsource;shelf;note\r\na b.mp4;7;"one; ""two"""\r\n\r\nhttps://videos.example.org/c.mp4;8;\r\n';
    expect(await sent('m.csv', text)).toBe(
      'source,id,shelf,note\nup:a b.mp4,a b.mp4,7,"one; ""two"""\nhttps://videos.example.org/c.mp4,,8,\n',
    );
  });

  it('may name folders: a row becomes one for each video in it', async () => {
    expect(await sent('m.ndjson', '{"source":"shelf/","group":"x"}\n{"source":"shelf","id":"s"}\n')).toBe(
      [
        { source: 'up:1.mp4', id: 'shelf/1.mp4', group: 'x' },
        { source: 'up:2.mp4', id: 'shelf/2.mp4', group: 'x' },
        { source: 'up:1.mp4', id: 's/1.mp4' },
        { source: 'up:2.mp4', id: 's/2.mp4' },
      ]
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    );
  });

  it('of JSON is a list of rows', async () => {
    const rows = [{ source: 's3://films/a.mp4', id: 'a', options: { maxFrames: 0 } }];
    for (const value of [rows, { items: rows }, { manifest: { items: rows } }]) {
      expect(JSON.parse(await sent('m.json', JSON.stringify(value)))).toEqual(rows[0]);
    }
    await expect(sent('m.json', '{}')).rejects.toThrow('a list of rows is expected');
  });

  it('that names what is not there is refused with every line of it', async () => {
    const text = 'id,source\n1,a b.mp4\n2,"x\ny.mp4"\n3,z.mp4\n';
    await expect(sent('m.csv', text)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(
        /names 2 files that cannot be sent[\s\S]*line 3: there is no file x.y\.mp4\nline 5: there is no file z\.mp4$/,
      ),
    });
  });

  it('that cannot be read is refused with the line', async () => {
    await expect(sent('m.ndjson', '{"source":"s3://a/b"}\n{"source"\n')).rejects.toThrow('line 2 is no JSON');
    await expect(sent('m.csv', 'source\n"open\n')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('keeps the numbers of its lines', async () => {
    const manifest = join(folder, 'n.csv');
    await writeFile(manifest, 'source,note\r\na,"two\r\nlines"\r\n\r\nb,\r\n');
    const lines = [];
    for await (const { line } of readLocalManifest(manifest)) lines.push(line);
    expect(lines).toEqual([2, 5]);
  });
});
