import { readScore, readStrip, stripBytes } from '@styleflow/clips';
import type { ClipRef, Result } from '@styleflow/contracts';
import type { ChosenClip, Language } from '@styleflow/job-view';
import type { JobRecord } from '@styleflow/queue';
import { frameKey, type ObjectStore, reportKey, resultKey } from '@styleflow/storage';
import { reportPage } from '../report/report-page.js';
import { encodeText } from './encode-text.js';
import { printResult } from './print-result.js';

/** Answers the digest of what is stored. */
export async function storeResult(store: ObjectStore, result: Result): Promise<string> {
  const body = encodeText(printResult(result));
  return (await store.putStream(resultKey(result.job), body, { contentType: 'application/json' })).sha256;
}

/** @param language of the words on the page. */
export async function storeReport(
  store: ObjectStore,
  { record, result, language }: { readonly record: JobRecord; readonly result: Result; readonly language: Language },
): Promise<void> {
  const { id: job, run } = record;
  const refOf = ({ track, clip }: ChosenClip): ClipRef => ({ job, run, track, clip: clip.index });
  const page = reportPage({
    record,
    result,
    language,
    clipBytes: (clip) => stripBytes(store, refOf(clip)),
    clipPicture: (place) => readStrip(store, { job, run, ...place }),
    hasFrame: async (frame) => (await store.head(frameKey(job, run, frame))) !== null,
    framePicture: (frame) => store.get(frameKey(job, run, frame)),
    details: async (shown) => {
      const { styleFlow, attention, logit } = shown.clip;
      if (styleFlow || attention) return { styleFlow, attention };
      return logit === null ? undefined : ((await readScore(store, refOf(shown))) ?? undefined);
    },
  });
  await store.putStream(reportKey(job), encodeText(page), { contentType: 'text/html; charset=utf-8' });
}
