import { z } from 'zod';
import { draft } from '../app/draft.js';
import { DEFAULT_CHOICES, readChoices } from './job-options.js';

/** What was typed into the page Analyse and chosen there. */
export const urlsDraft = draft('urls', '', (kept) => z.string().safeParse(kept).data ?? null);
export const choicesDraft = draft('choices', DEFAULT_CHOICES, readChoices);

/** One that became a job. */
const SubmittedSchema = z.array(z.object({ key: z.string(), name: z.string(), jobId: z.string() }));
type Submitted = z.infer<typeof SubmittedSchema>;

/** So many are found again after the page was loaded anew; the list of jobs has all. */
const KEPT_MAX = 40;
const NONE: Submitted = [];
const submitted = draft<Submitted>('submitted', NONE, (kept) => SubmittedSchema.safeParse(kept).data ?? null);

/** Those that this tab had submitted before the page was loaded anew. */
export const submittedBefore = (): Submitted => submitted.get();

export function keepSubmitted(now: readonly { key: string; name: string; jobId: string | undefined }[]): void {
  const kept = now
    .flatMap(({ key, name, jobId }) => (jobId === undefined ? [] : [{ key, name, jobId }]))
    .slice(0, KEPT_MAX);
  const jobsOf = (all: Submitted): string => all.map(({ jobId }) => jobId).join();
  if (jobsOf(kept) !== jobsOf(submitted.get())) submitted.set(kept.length === 0 ? NONE : kept);
}
