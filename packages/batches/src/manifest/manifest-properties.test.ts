import { damagedBytes, drawn } from '@styleflow/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeManifest } from './judge-manifest.js';
import type { ManifestFormat } from './read-manifest.js';

const RULES = { judgeSource: () => null, judgeBundle: () => null };

const A = 'https://example.org/a.mp4';
const MANIFESTS = [
  `source,id,truth_label,options.maxFrames,shelf\n${A},one,fake,64,7\ns3://films/b c.mp4,,,,"a ""b"", c"\n${A}?2,three,real,,\n`,
  `\ufeffsource;id;group\r\n${A};"ü; 1";x\r\nupload:AAAAAAAAAAAAAAAAAAAAAA;zwei;y\r\n`,
  `{"source":"${A}","id":"one","options":{"maxFrames":64}}\n{"source":"s3://b/k","truth_label":"fake","more":[1,{"a":null}]}\n`,
] as const;

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** Judges it to its end and holds what every judgement promises: each row is an item or has faults, with lines that exist. */
async function judge(bytes: Uint8Array, format: ManifestFormat, size: number): Promise<void> {
  const lines = Buffer.from(bytes)
    .toString('latin1')
    .split(/\r\n|\n|\r/).length;
  const ids = new Set<string>();
  let rows = 0;
  let isOver = false;
  for await (const row of judgeManifest(pieces(bytes, size), format, RULES)) {
    expect(isOver).toBe(false);
    isOver = row.isLast === true;
    rows += 1;
    expect(row.item === null).toBe(row.faults.length > 0);
    for (const { line, message } of row.faults) {
      expect(line).toBeGreaterThanOrEqual(0);
      expect(line).toBeLessThanOrEqual(lines);
      expect(message.length).toBeGreaterThan(0);
    }
    if (row.item === null) continue;
    expect(ids.has(row.item.id)).toBe(false);
    ids.add(row.item.id);
    expect(row.item.line).toBeLessThanOrEqual(lines);
  }
  expect(rows).toBeGreaterThan(0);
}

describe('whatever a manifest holds, it is judged to its end', () => {
  const format = fc.constantFrom<ManifestFormat[]>('auto', 'csv', 'ndjson');
  const size = fc.integer({ min: 1, max: 100 });

  it.each(MANIFESTS)('damaged: %#', async (text) => {
    const damaged = damagedBytes(Buffer.from(text));
    await fc.assert(fc.asyncProperty(damaged, format, size, judge), drawn());
  });

  it('any bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), format, size, judge), drawn());
  });

  it('any cells, quoted or not', async () => {
    const cell = fc.oneof(fc.constantFrom('source', 'id', A, '', '"', 'upload:x', 's3://', '=1+1', '\0'), fc.string());
    const row = fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(','));
    const text = fc.array(row, { maxLength: 8 }).map((rows) => Buffer.from(rows.join('\n')));
    await fc.assert(fc.asyncProperty(text, format, size, judge), drawn());
  });
});
