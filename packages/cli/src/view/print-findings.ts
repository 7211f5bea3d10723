import type { Examination } from '../doctor/examine-system.js';
import { tableLines } from './table.js';

/** The findings as a table, followed by what can be done. */
export function printFindings({ store, findings, left }: Examination, api: string): string[] {
  const about = [`store  ${store.address}  ${store.id ?? 'not identified'}`, `api    ${api}`];
  if (findings.length === 0) return [...about, 'Redis and store agree'];
  const rows = findings.map(({ kind, job, batch, queue, entry, says, outcome, did }) => [
    kind,
    job ?? batch ?? (queue === undefined ? '-' : `${queue} ${entry ?? ''}`),
    did === undefined ? says : `${says}: ${did}`,
    outcome,
  ]);
  const isOpen = findings.some(({ outcome }) => outcome === 'open');
  const end = left === 0 ? 'all of it is mended' : `${left} of ${findings.length} findings are left`;
  return [
    ...about,
    ...tableLines(['finding', 'of', '', ''], rows),
    isOpen ? `${end}; \`styleflow doctor --mend\` mends those that are open` : end,
  ];
}
