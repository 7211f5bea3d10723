import { MAX_ROW_BYTES, type ManifestFault } from '@styleflow/contracts';
import type { ManifestRow } from './batch-item.js';
import { rowFault } from './manifest-fault.js';

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = /^\ufeff/;

/** Rows of NDJSON, and a fault for each line that is none. A line that is too long is passed over without being held. */
export async function* ndjsonRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ManifestRow | ManifestFault, void> {
  let line = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;

  function* endLine(): Generator<ManifestRow | ManifestFault, void> {
    line += 1;
    if (heldBytes > MAX_ROW_BYTES) yield rowFault(line, `The line has more than ${MAX_ROW_BYTES} bytes.`);
    else yield* readLine(line, Buffer.concat(held).toString('utf8'));
    held = [];
    heldBytes = 0;
  }

  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, from);
      const part = chunk.subarray(from, end === -1 ? chunk.length : end);
      heldBytes += part.length;
      if (heldBytes <= MAX_ROW_BYTES) held.push(part);
      if (end === -1) break;
      from = end + 1;
      yield* endLine();
    }
  }
  if (heldBytes > 0) yield* endLine();
}

function* readLine(line: number, text: string): Generator<ManifestRow | ManifestFault, void> {
  const json = text.replace(BYTE_ORDER_MARK, '').trim();
  if (json === '') return;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    yield rowFault(line, 'The line is not JSON.');
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield rowFault(line, 'The line is no JSON object.');
    return;
  }
  const cells = Object.entries(value).filter(([, cell]) => cell !== null && cell !== '');
  yield { line, cells: Object.fromEntries(cells) };
}
