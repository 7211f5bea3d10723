import { type ClipScore, ClipScoreSchema, type Result } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { clipScoreKey, type ObjectStore, reportKey, resultKey, stripKey } from '@styleflow/storage';
import { reportPage } from '../report/report-page.js';
import { encodeText } from './encode-text.js';
import { printResult } from './print-result.js';

export async function storeResult(store: ObjectStore, result: Result): Promise<void> {
  await store.putStream(resultKey(result.job), encodeText(printResult(result)), { contentType: 'application/json' });
}

export async function storeReport(store: ObjectStore, record: JobRecord, result: Result): Promise<void> {
  const { id: job, run } = record;
  const page = reportPage({
    record,
    result,
    pictureBytes: async ({ track, clip }) => (await store.head(stripKey(job, run, track, clip.index)))?.bytes ?? 0,
    picture: ({ track, clip }) => store.get(stripKey(job, run, track, clip.index)),
    styleFlow: async ({ track, clip }) => {
      if (clip.styleFlow || clip.logit === null) return clip.styleFlow;
      const bytes = await store.get(clipScoreKey(job, run, track, clip.index));
      return bytes ? parseScore(bytes).styleFlow : undefined;
    },
  });
  await store.putStream(reportKey(job), encodeText(page), { contentType: 'text/html; charset=utf-8' });
}

function parseScore(bytes: Buffer): ClipScore {
  return ClipScoreSchema.parse(JSON.parse(bytes.toString('utf8')));
}
