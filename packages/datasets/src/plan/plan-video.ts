import { findTruthColumn, JobError, readTruth } from '@styleflow/contracts';
import type { Label } from './labels.js';
import { readSplit, type Split } from './split-words.js';

/** A row of the manifest, as it is written. */
export type ManifestCells = Readonly<Record<string, unknown>>;

/** What the manifest says of one video. */
export interface LabelledVideo {
  /** Unique in the data set. */
  readonly id: string;
  readonly label: Label;
  /** How a fake was made; null of real videos, and where nobody says. */
  readonly method: string | null;
  /** As it is written: who is seen in it, several divided by `;`. */
  readonly identity: string | null;
  /** What belongs together beside the people: the recording that a fake was made of. */
  readonly group: string | null;
  /** Null where the manifest leaves it to us. */
  readonly split: Split | null;
  /** Digest of the file where it is known beforehand; else null. */
  readonly sha256: string | null;
}

/** A row that was read. */
export interface LabelledRow {
  readonly video: LabelledVideo;
  readonly cells: ManifestCells;
}

const LISTED = 20;

/**
 * Reads the labels of all rows.
 * @param shaOf digest of the file that a row names, where it is known.
 * @throws JobError `invalid_request` that lists what is wrong, by row.
 */
export function readLabels(
  rows: readonly ManifestCells[],
  shaOf: (cells: ManifestCells) => string | null,
): LabelledRow[] {
  const column = findTruthColumn([...new Set(rows.flatMap((row) => Object.keys(row)))]);
  if (column === null) {
    throw refused(['the manifest has no column with labels (truth_label: real or fake)']);
  }
  const faults: string[] = [];
  const seen = new Set<string>();
  const read = rows.map((cells, at): LabelledRow => {
    const id = textOf(cells.id) ?? String(at + 1);
    const where = `row ${at + 1} (${id})`;
    if (seen.has(id)) faults.push(`${where}: the id is there twice`);
    seen.add(id);
    const isFake = readTruth(cells[column.name], column);
    if (isFake === null)
      faults.push(`${where}: ${column.name} is ${JSON.stringify(cells[column.name] ?? '')}, not real or fake`);
    const splitText = textOf(cells.split);
    const split = splitText === null ? null : readSplit(splitText);
    if (splitText !== null && split === null)
      faults.push(`${where}: split is ${JSON.stringify(splitText)}, not train, validation or test`);
    const [method, identity, group] = [textOf(cells.method), textOf(cells.identity), textOf(cells.group)];
    // A real video is made by no method; tables that say "original" there mean just that.
    const video = {
      id,
      label: isFake === true ? ('fake' as const) : ('real' as const),
      method: isFake === false ? null : method,
      identity,
      group,
      split,
      sha256: shaOf(cells),
    };
    return { video, cells };
  });
  if (faults.length > 0) throw refused(faults);
  return read;
}

/** The people of a cell. */
export function identitiesOf(identity: string | null): readonly string[] {
  return (identity ?? '')
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function textOf(cell: unknown): string | null {
  if (typeof cell !== 'string' && typeof cell !== 'number' && typeof cell !== 'boolean') return null;
  const text = String(cell).trim();
  return text === '' ? null : text;
}

function refused(faults: readonly string[]): JobError {
  const more = faults.length > LISTED ? [`and ${faults.length - LISTED} more`] : [];
  return new JobError('invalid_request', [...faults.slice(0, LISTED), ...more].join('\n'));
}
