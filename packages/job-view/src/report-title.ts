import { verdictKind } from './facts/verdict-facts.js';
import { videoName } from './facts/video-name.js';
import type { ViewedJob, ViewedResult } from './facts/viewed-job.js';
import { headline } from './parts/verdict-part.js';
import { type Language, wordsOf } from './words/words.js';

/** What stands in the title of the page: verdict, video, kind of page. Plain text. */
export function reportTitle(job: ViewedJob, result: ViewedResult | null, language: Language): string {
  const words = wordsOf(language);
  const name = videoName(job);
  return [headline(words, verdictKind(job, result)), ...(name === null ? [] : [name]), words.report].join(' · ');
}
