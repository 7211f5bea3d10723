import { SAMPLE_HEIGHT, SAMPLE_WIDTH } from './draw-sample.js';
import type { ShownDataset, ShownKind } from './look-through.js';

const MARGIN = 16;
const LINE = 20;
const TITLE = 16;
const COLUMNS = 2;

/** A picture of the data set, one SVG file that needs nothing else: a row of samples for each kind, with its numbers. */
export function sampleSheet({ kinds, shards, bytes, clips, withCodes }: ShownDataset, name: string): string {
  const width = MARGIN + COLUMNS * (SAMPLE_WIDTH + MARGIN);
  const parts: string[] = [];
  let y = MARGIN + LINE;
  const say = (text: string, weight = 'normal'): void => {
    parts.push(`<text x="${MARGIN}" y="${y}" font-weight="${weight}">${escaped(text)}</text>`);
    y += LINE;
  };
  say(name, 'bold');
  say(
    `${clips} clips, ${withCodes} with style codes · ${shards} shards, ${(bytes / 1e9).toFixed(3)} GB · points: green measured, orange interpolated`,
  );
  for (const kind of kinds) {
    y += LINE / 2;
    say(kindLine(kind), 'bold');
    for (const [at, { title, png }] of kind.samples.entries()) {
      const x = MARGIN + (at % COLUMNS) * (SAMPLE_WIDTH + MARGIN);
      const top = y + Math.floor(at / COLUMNS) * (SAMPLE_HEIGHT + TITLE + 8);
      parts.push(
        `<text x="${x}" y="${top}" font-size="12">${escaped(title)}</text>`,
        `<image x="${x}" y="${top + 6}" width="${SAMPLE_WIDTH}" height="${SAMPLE_HEIGHT}" href="data:image/png;base64,${png.toString('base64')}"/>`,
      );
    }
    y += Math.ceil(kind.samples.length / COLUMNS) * (SAMPLE_HEIGHT + TITLE + 8) + 4;
  }
  const height = y + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="14">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** The numbers of a kind in one line. */
export function kindLine({ label, method, clips, videos, hours, bySplit }: ShownKind): string {
  const splits = Object.entries(bySplit).map(([split, count]) => `${split} ${count}`);
  return `${label}${method === null ? '' : ` · ${method}`}: ${clips} clips of ${videos} videos, ${hours.toFixed(3)} h (${splits.join(', ')})`;
}

function escaped(text: string): string {
  return (
    text
      // Control characters are no XML.
      .replace(/\p{Cc}/gu, ' ')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
  );
}
