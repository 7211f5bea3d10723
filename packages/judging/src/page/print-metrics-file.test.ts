import { expect, it } from 'vitest';
import { analyseRun } from '../run/analyse-run.js';
import type { Run } from '../run/run-schemas.js';
import { printMetricsFile } from './print-metrics-file.js';

it('gives the figures of a golden set to Prometheus, and leaves out what does not exist', () => {
  const run: Run = {
    ...{
      v: 1,
      id: 'run_1',
      createdAt: '',
      finishedAt: '',
      protocol: 'all-faces',
      departures: [],
      seed: 1,
      served: null,
    },
    options: { maxFrames: 110, sampling: 'head', faces: 'all', detection: 'adaptive' },
    data: { input: '', digest: '', videos: 1, fakes: 1, reals: 0, notes: [] },
  };
  const video = { id: 'f', source: 'f', isFake: true, dataset: 'd', method: null, split: null, compression: null };
  const failed = {
    id: 'f',
    status: 'failed',
    job: null,
    errorCode: 'media_corrupt',
    verdict: null,
    sha256: null,
    faces: [],
    quality: null,
  } as const;
  const text = printMetricsFile(run, analyseRun(run, [video], [{ ...failed, faces: [] }]), new Date(5_000));
  expect(text).not.toContain('styleflow_golden_auc');
  expect(text).toContain('styleflow_golden_videos{bundle="",protocol="all-faces",outcome="failed"} 1\n');
  expect(text).toContain(
    '# TYPE styleflow_golden_timestamp_seconds gauge\nstyleflow_golden_timestamp_seconds{bundle="",protocol="all-faces"} 5\n',
  );
});
