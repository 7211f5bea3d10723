import { FINDING_KINDS, type FindingKind, groupBy } from '../chaos/audit.js';
import { type ChaosOptions, runChaos } from '../chaos/run-chaos.js';

/**
 * The system under load and under every fault, one after the other by a seeded schedule; then an audit of what clients were
 * told. Each finding is said; with any the exit code is 1.
 */
export async function benchChaos(say: (line: string) => void, options: ChaosOptions): Promise<Record<string, unknown>> {
  const { audit, faults, leftOut, ownEnds, settledAfterSeconds } = await runChaos(options, say);
  const { findings, untoldByCutConnection, ...counts } = audit;
  for (const end of ownEnds) say(`ended by itself: ${end}`);
  if (findings.length > 0) process.exitCode = 1;
  const byKind = groupBy(findings, ({ kind }) => kind);
  return {
    ...options,
    faults: Object.fromEntries(
      faults.map(({ id, atSeconds, ...fault }) => [`${id} at ${atSeconds.toFixed(0)} s`, fault]),
    ),
    leftOut,
    ...counts,
    settledAfterSeconds,
    processesEndedByThemselves: ownEnds.length,
    untoldByCutConnection: untoldByCutConnection.length,
    untold: untoldByCutConnection,
    findings: findings.length,
    findingsByKind: Object.fromEntries(
      (Object.keys(FINDING_KINDS) as FindingKind[]).map((kind) => [kind, byKind.get(kind)?.length ?? 0]),
    ),
    eachFinding: findings.map(({ kind, job, says }) => `${kind}: ${job ?? '–'} ${says}`),
  };
}
