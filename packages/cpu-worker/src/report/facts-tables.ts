import type { Calibration, Result, Source } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { type Html, html, printCount, printTime } from '@styleflow/runtime';
import { printBytes, printDate } from './print-numbers.js';

type Row = readonly [name: string, value: string, kind?: 'code'];

/** Where the video came from, without what may be a secret: a URL's user, query and fragment are left out. */
function printSource(source: Source): string {
  switch (source.type) {
    case 'url': {
      const url = new URL(source.url);
      return `${url.origin}${url.pathname}`;
    }
    case 's3':
      return `s3://${source.bucket}/${source.key}`;
    case 'upload':
      return 'an uploaded file';
  }
}

function fileRows({ video }: Result, record: JobRecord): Row[] {
  const rotation = `${video.rotation === 0 ? '' : `, stored turned by ${video.rotation}°`}${video.mirrored ? ', stored mirrored' : ''}`;
  return [
    ['Source', printSource(record.source)],
    ['SHA-256', video.sha256, 'code'],
    ['Size', printBytes(video.bytes)],
    ['Format', `${video.container}, ${video.codec}${video.hasAudio ? ', with sound (not looked at)' : ', no sound'}`],
    ['Picture', `${video.width} × ${video.height}${rotation}`],
    ['Frame rate', video.fps === null ? 'unknown' : `${Number(video.fps.toFixed(3))} a second`],
    ['Length', video.durationSeconds === null ? 'unknown' : printTime(video.durationSeconds)],
    ['Frames looked at', video.framesUsed.toLocaleString('en')],
    ...(video.framesDamaged > 0
      ? ([['Damage', `${printCount(video.framesDamaged, 'frame')} could not be decoded cleanly`]] as const)
      : []),
  ];
}

function calibrationText(calibration: Calibration): string {
  if ('points' in calibration) return `isotonic, ${calibration.points.length} points`;
  const { a, b } = calibration;
  return a === 1 && b === 0 ? 'none: score = σ(logit)' : `score = σ(${a} · logit + ${b})`;
}

function modelRows({ model, pipeline, verdict }: Result, record: JobRecord): Row[] {
  return [
    ['Model bundle', model.bundle, 'code'],
    ['Digest', model.digest, 'code'],
    ['Kind', `${model.variant}, ${model.precision}, ${model.trained ? 'trained' : 'not trained'}`],
    ['Threshold', String(verdict.threshold)],
    ['Calibration', calibrationText(record.bundle.calibration)],
    [
      'Ran on',
      model.provider === null
        ? 'no clip was scored'
        : `${model.provider}${model.graph ? ` (${model.graph})` : ''}, up to ${printCount(model.batchSize ?? 1, 'clip')} at once`,
    ],
    ['Faces looked for', pipeline.detection === 'adaptive' ? 'where something happens' : 'in every frame'],
    ['Preprocessing', pipeline.preprocessing, 'code'],
    ['Version', `StyleFlow ${pipeline.version}`],
  ];
}

function jobRows({ job, timings }: Result, { options, metadata }: JobRecord): Row[] {
  const frames = options.maxFrames === 0 ? 'the whole video' : `up to ${options.maxFrames} frames`;
  const faces = options.faces === 'all' ? 'all faces' : 'the face with most screen time';
  const steps = Object.entries(timings.steps).map(([step, seconds]) => `${step} ${seconds.toFixed(1)} s`);
  return [
    ['Job', job, 'code'],
    ['Asked for', `${frames}${options.sampling === 'spread' ? ', spread over the video' : ''}, ${faces}`],
    ['Submitted', printDate(timings.createdAt)],
    ['Finished', printDate(timings.finishedAt)],
    ['Preparation', steps.length === 0 ? '–' : steps.join(', ')],
    ...Object.entries(metadata).map(
      ([name, value]): Row => [name, typeof value === 'string' ? value : JSON.stringify(value)],
    ),
  ];
}

function table(title: string, rows: readonly Row[]): Html {
  const lines = rows.map(
    ([name, value, kind]) =>
      html`<tr><th scope="row">${name}</th><td${kind === 'code' ? html` class="code"` : null}>${value}</td></tr>`,
  );
  return html`<div><h3>${title}</h3><table>${lines}</table></div>\n`;
}

/** Everything that someone needs to repeat or to doubt the analysis. */
export function factsTables(result: Result, record: JobRecord): Html {
  return html`<section><h2>Facts</h2><div class="facts">
${table('The file', fileRows(result, record))}${table('The model', modelRows(result, record))}${table('The job', jobRows(result, record))}</div></section>\n`;
}
