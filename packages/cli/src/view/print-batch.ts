import type { Batch, DryRun } from '@styleflow/client';
import { printable, printCount } from '@styleflow/runtime';

/** A batch as lines: status, counts, rate and end, failures by code, faults of its manifest. */
export function printBatch(batch: Batch): string[] {
  const { id, status, cancelRequested, counts, errors, faults, finishedAt } = batch;
  const failed = Object.entries(errors).map(([code, count]) => `${code} ${(count ?? 0).toLocaleString('en')}`);
  return [
    `${id} ${status}${cancelRequested && status === 'running' ? ', being canceled' : ''} · ${countsText(batch)}`,
    ...(failed.length === 0 ? [] : [`failed:  ${failed.join(', ')}`]),
    ...(status === 'running' ? paceLines(batch) : []),
    ...(finishedAt === null ? [] : [`ended:   ${finishedAt}`]),
    ...printFaults(faults),
    ...(counts.failed > 0 && status === 'ended' ? [`again:   \`npx styleflow batch retry ${id}\``] : []),
  ];
}

/** `120 of 500 items · 3 failed`; while the manifest is read, its rows. */
export function countsText({ status, rowsRead, counts }: Batch): string {
  if (counts.total === 0)
    return `${printCount(rowsRead, 'row')} ${status === 'validating' ? 'read' : 'in the manifest'}`;
  const ended = counts.succeeded + counts.failed + counts.canceled;
  const parts = [
    `${ended.toLocaleString('en')} of ${printCount(counts.total, 'item')}`,
    ...(counts.failed > 0 ? [`${counts.failed.toLocaleString('en')} failed`] : []),
    ...(counts.canceled > 0 ? [`${counts.canceled.toLocaleString('en')} canceled`] : []),
  ];
  return parts.join(' · ');
}

function paceLines({ throughput, eta }: Batch): string[] {
  const pace = throughput.itemsPerHour;
  if (pace === null && eta === null) return [];
  const rate = pace === null ? '' : `${printCount(Math.round(pace), 'item')} an hour`;
  return [`pace:    ${[rate, eta === null ? '' : `ends ${rangeText(eta)}`].filter((part) => part !== '').join(', ')}`];
}

/** Faults as `line 7, source: a sentence`. */
export function printFaults({ count, listed }: Batch['faults']): string[] {
  const lines = listed.map(
    ({ line, column, message }) =>
      `${line === 0 ? 'manifest' : `line ${line}`}${column === null ? '' : `, ${printable(column)}`}: ${printable(message)}`,
  );
  return count > listed.length ? [...lines, `and ${(count - listed.length).toLocaleString('en')} more`] : lines;
}

/** What a dry run says. */
export function printDryRun({ files, bytes, answer }: { files: number; bytes: string; answer: DryRun }): string[] {
  const { accepted, items, faults, estimate } = answer;
  const hours = estimate?.hours;
  return [
    `${accepted ? 'accepted' : 'refused'}: ${printCount(items, 'item')}, ${printCount(faults.count, 'fault')}`,
    ...(files === 0 ? [] : [`to upload: ${printCount(files, 'file')}, ${bytes}`]),
    ...(estimate === null ? [] : [`clips:   ${spanText(estimate.clips)}`]),
    ...(hours === undefined || hours === null ? [] : [`hours:   ${spanText(hours)}`]),
    ...(estimate === null || estimate.finish === null ? [] : [`ends:    ${rangeText(estimate.finish)}`]),
    ...printFaults(faults),
  ];
}

function spanText({ from, to }: { from: number; to: number }): string {
  const text = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en');
  return from === to ? text(from) : `${text(from)} to ${text(to)}`;
}

function rangeText({ from, to }: { from: string; to: string }): string {
  return from === to ? `at ${from}` : `between ${from} and ${to}`;
}
