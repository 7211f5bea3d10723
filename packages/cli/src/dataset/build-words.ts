import { stripVTControlCharacters } from 'node:util';
import { JobError } from '@styleflow/contracts';
import { type BuildPart, type BuildState, type DatasetPlan, partsOf } from '@styleflow/datasets';
import { printCount } from '@styleflow/runtime';

/** What is built, in lines: videos by split and label, and how the splits were made. */
export function describePlan({ videos, splits }: DatasetPlan): string[] {
  const count = (split: string, label: string): number =>
    videos.filter((video) => video.split === split && video.label === label).length;
  const parts = ['train', 'validation', 'test'].map(
    (split) => `${split} ${count(split, 'real')} real, ${count(split, 'fake')} fake`,
  );
  const how = splits.madeBy === 'manifest' ? 'as in the manifest' : `made by ${splits.madeBy}, seed ${splits.seed}`;
  const disjoint = splits.isIdentityDisjoint ? 'nobody is in two of them' : 'NOT identity-disjoint';
  return [
    `${printCount(videos.length, 'video')}: ${parts.join(' · ')} (${how}; ${disjoint})`,
    ...splits.notes.map((note) => `note: ${note}`),
  ];
}

/** The same bytes under two names: what happens to them, and who must run the command again. */
export function describeDuplicates(
  { record, shards }: Extract<BuildState, { state: 'duplicates' }>,
  plan: DatasetPlan,
  { index, of }: BuildPart,
): string {
  const others = partsOf(plan, shards, of).filter((part) => part !== index + 1);
  const again = others.map((part) => `--part ${part}/${of}`).join(', ');
  const rest = others.length === 0 ? '' : `; where its command has ended, run it once more for ${again}`;
  return `the same bytes are there twice: ${printCount(record.excluded.length, 'video')} left out, their shards (${shards.join(', ')}) are written again${rest}`;
}

/** @returns a JobError `internal` that names the first ten videos of `unfinished` */
export function unfinishedError(unfinished: readonly { readonly id: string; readonly reason: string }[]): JobError {
  const some = unfinished.slice(0, 10).map(({ id, reason }) => `${stripVTControlCharacters(id)} (${reason})`);
  return new JobError(
    'internal',
    `${printCount(unfinished.length, 'video')} could not be analysed, through no fault of theirs, so their shards are not written: ${some.join(', ')}. The same command (of part 1, where there are several) tries them again; --skip-failed leaves them out`,
  );
}
