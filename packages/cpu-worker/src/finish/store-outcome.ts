import { readScore, readStrip, stripBytes } from '@styleflow/clips';
import type { ClipRef, Result } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { type ObjectStore, reportKey, resultKey } from '@styleflow/storage';
import type { ChosenClip } from '../report/choose-clips.js';
import { reportPage } from '../report/report-page.js';
import { encodeText } from './encode-text.js';
import { printResult } from './print-result.js';

/** Answers the digest of what is stored. */
export async function storeResult(store: ObjectStore, result: Result): Promise<string> {
  const body = encodeText(printResult(result));
  return (await store.putStream(resultKey(result.job), body, { contentType: 'application/json' })).sha256;
}

export async function storeReport(store: ObjectStore, record: JobRecord, result: Result): Promise<void> {
  const { id: job, run } = record;
  const refOf = ({ track, clip }: ChosenClip): ClipRef => ({ job, run, track, clip: clip.index });
  const page = reportPage({
    record,
    result,
    pictureBytes: (clip) => stripBytes(store, refOf(clip)),
    picture: (clip) => readStrip(store, refOf(clip)),
    styleFlow: async (shown) => {
      const { clip } = shown;
      if (clip.styleFlow || clip.logit === null) return clip.styleFlow;
      return (await readScore(store, refOf(shown)))?.styleFlow;
    },
  });
  await store.putStream(reportKey(job), encodeText(page), { contentType: 'text/html; charset=utf-8' });
}
