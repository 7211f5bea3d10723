import { pipeline } from 'node:stream/promises';
import {
  type ClipDetails,
  type ClipScore,
  ClipScoreSchema,
  isEnded,
  JobError,
  type PdfPending,
  type Result,
  ResultSchema,
} from '@styleflow/contracts';
import { judgesOf, leadOf } from '@styleflow/queue';
import {
  clipScoreKey,
  frameKey,
  isDamagedObject,
  previewKey,
  readSealedJson,
  reportKey,
  reportPdfKey,
  resultKey,
  stripKey,
} from '@styleflow/storage';
import { type Response, Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { earlySigning } from '../evidence/sign-early.js';
import { allowMethods } from '../http/allow-methods.js';
import { goneSignal } from '../http/release-signal.js';
import { type KnownJob, loadKnown } from '../jobs/load-job.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { askForPdf, PDF_RETRY_S } from '../system/ask-for-pdf.js';

/**
 * A report shows its own pictures and styles and nothing else: whatever was put into it can neither run nor call out.
 */
const REPORT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox";

/** What a job left in the store: result, report, clips. They are streamed, so the API holds one chunk at a time. */
export function jobFileRoutes(ports: ApiPorts): Router {
  const { records, store } = ports;
  const router = Router();
  const signEarly = earlySigning(ports);

  const sendObject = async (response: Response, key: string, contentType: string): Promise<boolean> => {
    const found = await store.getStream(key, goneSignal(response));
    if (found === null) return false;
    response.set({ 'Content-Type': contentType, 'Content-Length': String(found.bytes), 'Cache-Control': 'private' });
    await pipeline(found.stream, response).catch((error: unknown) => {
      // When the client has left, a broken answer is no failure. The store's own failure goes to the log.
      if (!response.destroyed || response.errored) throw error;
    });
    return true;
  };

  const result = router.route('/v1/jobs/:id/result');
  result.get(async (request, response) => {
    const record = await loadEnded(request.params.id, response);
    if (!(await sendObject(response, resultKey(record.id), 'application/json'))) throw withoutFile(record, 'result');
    signEarly(record.id);
  });
  allowMethods(result, 'GET');

  const report = router.route('/v1/jobs/:id/report');
  report.get(async (request, response) => {
    const record = await loadEnded(request.params.id, response);
    response.set('Content-Security-Policy', REPORT_POLICY);
    const isSent = await sendObject(response, reportKey(record.id), 'text/html; charset=utf-8');
    if (!isSent) throw withoutFile(record, 'report');
  });
  allowMethods(report, 'GET');

  const pdf = router.route('/v1/jobs/:id/report.pdf');
  pdf.get(async (request, response) => {
    const record = await loadEnded(request.params.id, response);
    if (await sendObject(response, reportPdfKey(record.id), 'application/pdf')) return;
    if ((await store.head(reportKey(record.id))) === null) throw withoutFile(record, 'report');
    await askForPdf(ports, record);
    response
      .status(202)
      .set('Retry-After', String(PDF_RETRY_S))
      .json({ status: 'printing' } satisfies PdfPending);
  });
  allowMethods(pdf, 'GET');

  const picture = router.route('/v1/jobs/:id/faces/:track/clips/:clip.png');
  picture.get(async (request, response) => {
    const record = await loadKnown(records, request.params.id, callerOf(response));
    const [track, clip] = [parseIndex(request.params.track), parseIndex(request.params.clip)];
    const isSent = await sendObject(response, stripKey(record.id, record.run, track, clip), 'image/png');
    if (!isSent) throw await withoutClip(record, track, clip);
  });
  allowMethods(picture, 'GET');

  const frame = router.route('/v1/jobs/:id/frames/:frame.jpg');
  frame.get(async (request, response) => {
    const record = await loadKnown(records, request.params.id, callerOf(response));
    const number = parseIndex(request.params.frame);
    const isSent = await sendObject(response, frameKey(record.id, record.run, number), 'image/jpeg');
    if (!isSent) throw await withoutFrame(record, number);
  });
  allowMethods(frame, 'GET');

  const preview = router.route('/v1/jobs/:id/preview.webm');
  preview.get(async (request, response) => {
    const record = await loadKnown(records, request.params.id, callerOf(response));
    const isSent = await sendObject(response, previewKey(record.id, record.run), 'video/webm');
    if (!isSent) throw await withoutPreview(record);
  });
  allowMethods(preview, 'GET');

  const details = router.route('/v1/jobs/:id/faces/:track/clips/:clip.json');
  details.get(async (request, response) => {
    const record = await loadKnown(records, request.params.id, callerOf(response));
    const [track, clip] = [parseIndex(request.params.track), parseIndex(request.params.clip)];
    const stored = await readDetails(record, track, clip);
    if (stored === null) throw await withoutClip(record, track, clip);
    const { v: _version, ...score } = stored;
    response.json(score satisfies ClipDetails);
  });
  allowMethods(details, 'GET');

  async function loadEnded(id: string, response: Response): Promise<KnownJob> {
    const record = await loadKnown(records, id, callerOf(response));
    if (!isEnded(record.status)) {
      throw new JobError(
        'conflict',
        `The job is not over yet: it is ${record.status}. GET /v1/jobs/${id} waits for it.`,
      );
    }
    return record;
  }

  /** Of several bundles those of the one whose model the result names; before the end, of the first that was not left out. */
  async function readDetails(known: KnownJob, track: number, clip: number): Promise<ClipScore | null> {
    const { id, run, status, bundle } = known;
    const judges = bundle === undefined ? [] : judgesOf({ ...known, bundle });
    const named = judges.length > 1 ? (await readResult(known))?.model.digest : undefined;
    const place = (judges.find((judge) => judge.bundle.digest === named) ?? leadOf(judges))?.place;
    try {
      const key = clipScoreKey(id, run, track, clip, place);
      return await readSealedJson(store, key, (value) => ClipScoreSchema.parse(value));
    } catch (error) {
      if (!isDamagedObject(error)) throw error;
      // Until its job has ended it is made again.
      if (!isEnded(status)) return null;
      throw new JobError('gone', 'What was stored of this clip is damaged. Its score stands in the result.');
    }
  }

  /**
   * The error for a missing clip. A clip that the result names existed once; any other never did, or has no score yet.
   */
  async function withoutClip(record: KnownJob, track: number, clip: number): Promise<JobError> {
    const faces = (await readResult(record))?.faces ?? [];
    const wasThere = faces.some((face) => face.track === track && face.clips.some(({ index }) => index === clip));
    if (wasThere) return new JobError('gone', 'The retention of this clip is over.');
    return new JobError('not_found', `The job has no clip ${clip} of face ${track}, or it is not scored yet.`);
  }

  async function withoutFrame(record: KnownJob, number: number): Promise<JobError> {
    const frames = (await readResult(record))?.frames ?? [];
    if (frames.some(({ frame }) => frame === number))
      return new JobError('gone', 'The retention of this frame is over.');
    return new JobError('not_found', `Frame ${number} is not among those that the job keeps as pictures.`);
  }

  async function withoutPreview(record: KnownJob): Promise<JobError> {
    if ((await readResult(record))?.preview) return new JobError('gone', 'The retention of this preview is over.');
    return new JobError('not_found', 'The job keeps no preview, or has not made it yet.');
  }

  async function readResult({ id, status }: KnownJob): Promise<Result | null> {
    const stored = status === 'succeeded' ? await store.get(resultKey(id)) : null;
    return stored === null ? null : ResultSchema.parse(JSON.parse(stored.toString()));
  }

  return router;
}

function withoutFile({ status, error }: KnownJob, what: 'result' | 'report'): JobError {
  if (status === 'succeeded') return new JobError('gone', `The retention of this ${what} is over.`);
  const why = error === undefined ? 'it was canceled' : `it failed with ${error.code}`;
  return new JobError('conflict', `The job has no ${what}: ${why}.`);
}

function parseIndex(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new JobError('not_found', 'Faces, clips and frames are counted from 0.');
  return Number(text);
}
