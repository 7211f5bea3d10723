import { printable } from '@styleflow/runtime/printable';
import { sourceText, videoName } from '../facts/video-name.js';
import type { ViewedModel } from '../facts/viewed-job.js';
import { printBytes, printDate, printSeconds, type View } from './view.js';

export interface FactRow {
  readonly name: string;
  readonly value: string;
  /** Digests and ids, in a typeface that tells their letters apart. */
  readonly isCode?: boolean;
  /** Where two rows may bear the same name. */
  readonly key?: string;
}

export function fileRows({ words, job, result: { video } }: View): FactRow[] {
  const { facts } = words;
  const turned = video.rotation === 0 ? '' : `, ${facts.turned(video.rotation)}`;
  const name = videoName(job);
  return [
    ...(name === null ? [] : [{ name: facts.name, value: name }]),
    { name: facts.source, value: sourceText(job.source) ?? facts.upload },
    { name: facts.sha256, value: video.sha256, isCode: true },
    { name: facts.size, value: printBytes(words, video.bytes) },
    {
      name: facts.format,
      value: `${video.container}, ${video.codec}, ${video.hasAudio ? facts.sound : facts.noSound}`,
    },
    {
      name: facts.picture,
      value: `${video.width} × ${video.height}${turned}${video.mirrored ? `, ${facts.mirrored}` : ''}`,
    },
    {
      name: facts.rate,
      value: video.fps === null ? facts.unknown : facts.perSecond(words.number(Number(video.fps.toFixed(3)))),
    },
    {
      name: facts.length,
      value: video.durationSeconds === null ? facts.unknown : printSeconds(words, video.durationSeconds),
    },
    { name: facts.framesUsed, value: words.number(video.framesUsed) },
    ...(video.framesDamaged > 0 ? [{ name: facts.damage, value: facts.damaged(video.framesDamaged) }] : []),
  ];
}

function calibrationText({ facts, score, number }: View['words'], calibration: ViewedModel['calibration']): string {
  if (calibration === undefined) return facts.calibrationUnknown;
  if ('points' in calibration) return facts.points(calibration.points.length);
  const { a, b } = calibration;
  return a === 1 && b === 0 ? facts.noCalibration : `${score} = σ(${number(a)} · logit + ${number(b)})`;
}

export function modelRows({ words, result: { model, pipeline, verdict } }: View): FactRow[] {
  const { facts } = words;
  const { calibration, calibratedOn } = model;
  const trained = model.trained ? facts.trained : facts.untrained;
  const graph = model.graph ? ` (${model.graph})` : '';
  return [
    { name: facts.bundle, value: printable(model.bundle), isCode: true },
    { name: facts.digest, value: model.digest, isCode: true },
    { name: facts.kind, value: `${model.variant}, ${model.precision}, ${trained}` },
    { name: facts.threshold, value: words.number(verdict.threshold) },
    { name: facts.calibration, value: calibrationText(words, calibration) },
    {
      name: facts.calibratedOn,
      value: calibratedOn
        ? printable(`${calibratedOn.data}, ${calibratedOn.date}, ${calibratedOn.run}`)
        : facts.neverCalibrated,
    },
    {
      name: facts.ranOn,
      value:
        model.provider === null ? facts.noClip : `${model.provider}${graph}, ${facts.atOnce(model.batchSize ?? 1)}`,
    },
    { name: facts.looked, value: pipeline.detection === 'adaptive' ? facts.adaptive : facts.dense },
    { name: facts.preprocessing, value: pipeline.preprocessing, isCode: true },
    { name: facts.version, value: `StyleFlow ${pipeline.version}` },
  ];
}

export function jobRows({ words, job: { options, metadata }, result: { job, rescoreOf, timings } }: View): FactRow[] {
  const { facts } = words;
  const frames = options.maxFrames === 0 ? facts.whole : facts.upTo(options.maxFrames);
  const faces = options.faces === 'all' ? facts.allFaces : facts.primary;
  const steps = Object.entries(timings.steps).map(([step, seconds]) => `${step} ${words.number(seconds, 1)} s`);
  return [
    { name: facts.jobId, value: job, isCode: true },
    ...(rescoreOf === undefined ? [] : [{ name: facts.rescoreOf, value: rescoreOf, isCode: true }]),
    { name: facts.asked, value: [frames, ...(options.sampling === 'spread' ? [facts.spread] : []), faces].join(', ') },
    { name: facts.submitted, value: printDate(words, timings.createdAt) },
    { name: facts.finished, value: printDate(words, timings.finishedAt) },
    { name: facts.preparation, value: steps.length === 0 ? '–' : steps.join(', ') },
    ...Object.entries(metadata)
      .filter(([name, value]) => name !== 'file' || typeof value !== 'string')
      .map(([name, value]) => ({
        name: printable(name),
        value: printable(typeof value === 'string' ? value : JSON.stringify(value)),
        key: `metadata ${name}`,
      })),
  ];
}
