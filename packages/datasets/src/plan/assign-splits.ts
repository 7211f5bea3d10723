import { createHash } from 'node:crypto';
import { JobError } from '@styleflow/contracts';
import { identitiesOf, type LabelledVideo } from './plan-video.js';
import { SPLITS, type Split } from './split-words.js';
import { type Tie, tiedTogether, tieKey, tiesAmong } from './ties.js';

/** How the videos were divided. */
export interface Splits {
  readonly splitOf: ReadonlyMap<string, Split>;
  /** `manifest`: taken over. Else made by us, by people or by source videos. */
  readonly madeBy: 'manifest' | 'identities' | 'source videos';
  /** Whether nobody is in two splits, as far as the manifest names everybody. */
  readonly isIdentityDisjoint: boolean;
  /** Sentences for people. */
  readonly notes: readonly string[];
}

export interface SplitWish {
  /** Share of each split, together 1. */
  readonly shares: Readonly<Record<Split, number>>;
  readonly seed: number;
}

const LISTED = 20;
/** A group that is this much of everything leaves no choice. */
const HUGE = 0.5;

/**
 * Takes the manifest's splits over, or makes some in which nobody is in two.
 * @throws JobError `invalid_request` that names who is in two splits, or the rows without a split where others have one.
 */
export function assignSplits(videos: readonly LabelledVideo[], wish: SplitWish): Splits {
  const given = videos.filter(({ split }) => split !== null);
  if (given.length > 0 && given.length < videos.length) {
    const lacking = videos.filter(({ split }) => split === null).map(({ id }) => id);
    const more = lacking.length > LISTED ? ', …' : '';
    throw refused(
      `${lacking.length} videos have no split and ${given.length} have one: ${lacking.slice(0, LISTED).join(', ')}${more}`,
    );
  }
  const named = videos.filter(({ identity }) => identitiesOf(identity).length > 0).length;
  const isIdentityDisjoint = named === videos.length;
  const notes = isIdentityDisjoint ? [] : [sayNames(named, videos.length)];
  if (given.length > 0) {
    const splitOf = new Map(videos.map(({ id, split }) => [id, split as Split]));
    refuseLeaks(videos, splitOf);
    return { splitOf, madeBy: 'manifest', isIdentityDisjoint, notes: [...notes, ...sayGaps(videos, splitOf)] };
  }
  const groups = tiedTogether(videos);
  const largest = Math.max(...groups.map((group) => group.length));
  if (groups.length > 1 && largest > HUGE * videos.length)
    notes.push(`${largest} of ${videos.length} videos hang together by who is seen in them and lie in one split`);
  const splitOf = divide(groups, videos, wish);
  const madeBy = named > 0 ? 'identities' : 'source videos';
  return { splitOf, madeBy, isIdentityDisjoint, notes: [...notes, ...sayGaps(videos, splitOf)] };
}

/**
 * Group by group, the largest first, each to the split that lacks most of what is in it: real videos and each method get the wished
 * shares. Among equals chance decides, which the seed fixes.
 */
function divide(
  groups: readonly LabelledVideo[][],
  videos: readonly LabelledVideo[],
  { shares, seed }: SplitWish,
): Map<string, Split> {
  const wanted = SPLITS.filter((split) => shares[split] > 0);
  const totals = countClasses(videos);
  const placed = new Map(wanted.map((split) => [split, new Map<string, number>()]));
  const splitOf = new Map<string, Split>();
  const chance = (group: readonly LabelledVideo[]): string =>
    createHash('sha256').update(`${seed} ${group[0]?.id}`).digest('hex');
  const ordered = groups
    .map((group) => ({ group, drawn: chance(group) }))
    .sort((a, b) => b.group.length - a.group.length || (a.drawn < b.drawn ? -1 : 1));
  for (const { group } of ordered) {
    const counts = countClasses(group);
    const lack = (split: Split): number => {
      let sum = 0;
      for (const [name, count] of counts) {
        const target = shares[split] * (totals.get(name) ?? 0);
        sum += count * (1 - (placed.get(split)?.get(name) ?? 0) / target);
      }
      return sum;
    };
    const split = wanted.reduce((best, each) => (lack(each) > lack(best) ? each : best));
    for (const [name, count] of counts) {
      const before = placed.get(split);
      before?.set(name, (before.get(name) ?? 0) + count);
    }
    for (const { id } of group) splitOf.set(id, split);
  }
  return splitOf;
}

/** @throws JobError that names what is in two splits, with a video in each. */
function refuseLeaks(videos: readonly LabelledVideo[], splitOf: ReadonlyMap<string, Split>): void {
  const tiesOf = tiesAmong(videos);
  const first = new Map<string, LabelledVideo>();
  const leaks = new Map<string, string>();
  for (const video of videos) {
    for (const tie of tiesOf(video)) {
      const key = tieKey(tie);
      const other = first.get(key) ?? video;
      first.set(key, other);
      const [here, there] = [splitOf.get(video.id), splitOf.get(other.id)];
      if (here !== there) leaks.set(key, `${sayTie(tie)} is in ${there} (${other.id}) and in ${here} (${video.id})`);
    }
  }
  if (leaks.size === 0) return;
  const more = leaks.size > LISTED ? [`and ${leaks.size - LISTED} more`] : [];
  throw refused(['the split leaks:', ...[...leaks.values()].slice(0, LISTED), ...more].join('\n'));
}

function sayTie({ kind, name }: Tie): string {
  return kind === 'file' ? `the same file (SHA-256 ${name.slice(0, 12)}…)` : `the ${kind} ${JSON.stringify(name)}`;
}

function sayNames(named: number, all: number): string {
  const which = named === 0 ? 'the manifest names no identities' : `${all - named} of ${all} videos have no identity`;
  return `${which}: the splits are NOT identity-disjoint; videos are kept together by group, else each by itself`;
}

/** What a trainer or a judge will miss. */
function sayGaps(videos: readonly LabelledVideo[], splitOf: ReadonlyMap<string, Split>): string[] {
  return SPLITS.flatMap((split) => {
    const labels = new Set(videos.filter(({ id }) => splitOf.get(id) === split).map(({ label }) => label));
    if (labels.size === 2) return [];
    if (labels.size === 0) return [`${split} is empty`];
    return [`${split} has ${labels.has('real') ? 'real' : 'fake'} videos alone`];
  });
}

function countClasses(videos: readonly LabelledVideo[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { label, method } of videos) {
    const name = `${label} ${method ?? ''}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function refused(sentence: string): JobError {
  return new JobError('invalid_request', sentence);
}
