import { MAX_ROW_BYTES } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import type { ManifestItem } from './batch-item.js';
import { type JudgedRow, judgeManifest } from './judge-manifest.js';
import type { ManifestFormat } from './read-manifest.js';

const RULES = {
  judgeSource: (source: object) =>
    'bucket' in source && source.bucket !== 'films' ? 'the bucket may not be read' : null,
  judgeBundle: (bundle: string) => (bundle === 'known@0' ? null : 'no such bundle'),
};

/** In pieces of seven bytes, so that every border is met in the middle of something. */
async function* pieces(text: string | Buffer): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text as string);
  const size = bytes.length > 100_000 ? 65_536 : 7;
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function judge(text: string | Buffer, format: ManifestFormat = 'auto') {
  const items: ManifestItem[] = [];
  const faults: JudgedRow['faults'][number][] = [];
  let isReadable = true;
  for await (const row of judgeManifest(pieces(text), format, RULES)) {
    if (row.item !== null) items.push(row.item);
    faults.push(...row.faults);
    if (row.isLast === true) isReadable = false;
  }
  return { items, faults, isReadable };
}

const A = 'https://example.org/a.mp4';
const B = 'https://example.org/b.mp4';

describe('a manifest in CSV', () => {
  it('names several bundles in one cell, each of which has to be known', async () => {
    const { items, faults } = await judge(
      `source,options.bundles,options.combine\n${A},"known@0, known@0",any\n${B},known@0 other@1,\n`,
    );
    expect(items.map(({ options }) => options)).toEqual([{ bundles: ['known@0', 'known@0'], combine: 'any' }]);
    expect(faults).toMatchObject([{ line: 3, column: 'options.bundles', message: 'no such bundle' }]);
  });

  it('gives items with their labels, options and what else it says of them', async () => {
    const { items, faults } = await judge(
      `source,id,truth_label,options.maxFrames,options.keepCrops,shelf\n${A},one,fake,64,true,7\ns3://films/b c.mp4,,,,,\n`,
    );
    expect(faults).toEqual([]);
    expect(items).toEqual([
      {
        line: 2,
        id: 'one',
        source: { type: 'url', url: A },
        options: { maxFrames: 64, keepCrops: true },
        labels: { truth_label: 'fake' },
        metadata: { shelf: '7' },
      },
      {
        line: 3,
        id: '2',
        source: { type: 's3', bucket: 'films', key: 'b c.mp4' },
        options: {},
        labels: {},
        metadata: {},
      },
    ]);
  });

  it.each([
    ['commas', ',', '\n'],
    ['semicolons and CRLF', ';', '\r\n'],
    ['tabs and CR', '\t', '\r'],
  ])('is read with %s, a byte order mark and quotes', async (_what, comma, end) => {
    const rows = [
      ['source', 'id', 'note'],
      [A, '"a ""b"""', `"x${comma}y${end}z"`],
      [B, 'ü', ''],
    ];
    const { items, faults } = await judge(`\ufeff${rows.map((row) => row.join(comma)).join(end)}${end}`);
    expect(faults).toEqual([]);
    expect(items.map(({ id, line, metadata }) => ({ id, line, metadata }))).toEqual([
      { id: 'a "b"', line: 2, metadata: { note: `x${comma}y${end}z` } },
      { id: 'ü', line: 4, metadata: {} },
    ]);
  });

  it('tells every fault with its line and column, and reads on behind each', async () => {
    const { items, faults, isReadable } = await judge(
      [
        'source,id,options.priority,options.speed,options.bundle',
        `nowhere,a,,,`,
        `${A},a,,,`,
        `${B},a,,,`,
        `${B},b,11,,`,
        `${B},c,5,9,`,
        `${B},d,,,missing@1`,
        `${B},e,,,,,`,
        `,f,,,`,
        `s3://other/x,g,,,`,
        `${B},h\0,,,`,
        `${B},"i"j,,,`,
        `${B},k,,,known@0`,
      ].join('\n'),
    );
    expect(isReadable).toBe(true);
    expect(items.map(({ id }) => id)).toEqual(['a', '"i"j', 'k']);
    expect(faults.map(({ line, column }) => [line, column])).toEqual([
      [2, 'source'],
      [4, 'id'],
      [5, 'options.priority'],
      [6, 'options.speed'],
      [7, 'options.bundle'],
      [8, null],
      [9, 'source'],
      [10, 'source'],
      [11, 'id'],
    ]);
    expect(faults[1]?.message).toContain('line 3');
    expect(faults[8]?.message).toContain('NUL');
  });

  it.each([
    ['no source among its columns', `url,id\n${A},1\n`, 'no column "source"'],
    ['a column twice', `source,id,id\n${A},1,2\n`, 'twice'],
    ['nothing in it', '', 'no header'],
    ['a header alone', 'source,id\n', 'no rows'],
    ['an open quote', `source,id\n${A},"1\n${B},2\n`, 'quote'],
    ['100 MB in one cell', `source,id\n${A},${'x'.repeat(MAX_ROW_BYTES * 20)}\n${B},2\n`, 'bytes'],
    ['100 MB in one quoted cell', `source,id\n${A},"${'x\n'.repeat(MAX_ROW_BYTES * 10)}"\n${B},2\n`, 'bytes'],
    ['UTF-16', Buffer.from(`\ufeffsource\n${A}\n`, 'utf16le'), 'UTF-8'],
    ['a video', Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919) % 256)), ''],
  ])('with %s cannot be read, and says why', async (_what, text, says) => {
    const { faults, isReadable } = await judge(text, 'csv');
    expect(isReadable).toBe(false);
    expect(faults.at(-1)?.message).toContain(says);
  });
});

describe('a manifest in NDJSON', () => {
  it('gives the same items, with nested or flat options', async () => {
    const rows = [
      { source: A, id: 1, options: { maxFrames: 64 }, shelf: { row: [7] } },
      { source: { type: 'url', url: B }, 'options.keepCrops': true, truth_label: 'real' },
    ];
    const { items, faults } = await judge(rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(faults).toEqual([]);
    expect(items).toMatchObject([
      { line: 1, id: '1', options: { maxFrames: 64 }, metadata: { shelf: { row: [7] } } },
      {
        line: 2,
        id: '2',
        source: { type: 'url', url: B },
        options: { keepCrops: true },
        labels: { truth_label: 'real' },
      },
    ]);
  });

  it('passes over lines that are no rows, and says which', async () => {
    const long = JSON.stringify({ source: A, note: 'x'.repeat(MAX_ROW_BYTES) });
    const text = [
      '{"source":',
      '[]',
      '',
      long,
      JSON.stringify({ source: A, id: 'a\0' }),
      JSON.stringify({ source: A }),
    ];
    const { items, faults, isReadable } = await judge(text.join('\r\n'), 'ndjson');
    expect(isReadable).toBe(true);
    expect(faults.map(({ line }) => line)).toEqual([1, 2, 4, 5]);
    expect(items.map(({ line }) => line)).toEqual([6]);
  });
});
