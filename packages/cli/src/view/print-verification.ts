import type { Verification } from '@styleflow/evidence';
import { printable } from '@styleflow/runtime';
import type { RunComparison } from '../evidence/compare-runs.js';

/** What was found, for people: the answer first, then what it rests on. */
export function printVerification(
  file: string,
  { kind, status, job, faults, signer, timeStamp, custody, checked }: Verification,
  rerun: RunComparison | null,
): string[] {
  const lines = [`${file}: ${ANSWERS[status]}`];
  for (const { name, says } of faults) lines.push(`  ${printable(name)}: ${says}`);
  if (job !== null) lines.push(`  job      ${printable(job)}`);
  if (signer) {
    lines.push(`  key      ${printable(signer.kid)}${signer.isTrusted ? ', which you trust' : ''}`);
    lines.push(`           SHA-256 ${signer.fingerprint}`);
    lines.push(
      timeStamp
        ? `  time     ${timeStamp.at}, attested by ${printable(timeStamp.by)}${timeStamp.isTrusted ? ', whose root you trust' : '; signer of the time stamp not verified (--tsa-root FILE)'}`
        : `  time     ${signer.signedAt}, as claimed by the signer`,
    );
  }
  if (custody) lines.push(`  custody  ${custody.entries} entries, head ${custody.head}`);
  if (kind === 'package' && faults.length === 0) lines.push(`  checked  ${checked.length} entries`);
  if (rerun) lines.push(...printRerun(rerun));
  if (status === 'unverified') {
    lines.push('  Compare the fingerprint with one that you got from whom you trust, then give it: --fingerprint HEX');
  }
  return lines;
}

const ANSWERS: Readonly<Record<Verification['status'], string>> = {
  trusted: 'unchanged since it was signed by a key that you trust',
  unverified: 'unchanged since signed; signer not verified',
  unsigned: 'not signed: nothing tells whether it was changed',
  refused: 'refused',
};

function printRerun({ clips, equalClips, largestDifference, tolerance, providers }: RunComparison): string[] {
  const pixels = equalClips === null ? '' : `; ${equalClips} of ${clips} have the same pixels`;
  return [
    `  re-run   ${clips} clips, largest difference of a logit ${largestDifference.toExponential(1)} (allowed: ${tolerance.toExponential(1)} and more for large ones)`,
    `           on ${providers[1]}, before on ${providers[0]}${pixels}`,
  ];
}
