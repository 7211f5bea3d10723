import type { Result } from '@styleflow/contracts';
import {
  type ChosenClip,
  type ClipDetails,
  type ClipPlace,
  JOB_VIEW_STYLES,
  JobView,
  type Language,
  reportTitle,
} from '@styleflow/job-view';
import type { JobRecord } from '@styleflow/queue';
import { Html, html } from '@styleflow/runtime';
import { createElement } from 'react';
import { clipName, frameName } from './picture-names.js';

export interface ReportFacts {
  readonly record: JobRecord;
  readonly result: Result;
  readonly language: Language;
  readonly shown: readonly ChosenClip[];
  readonly details: (place: ClipPlace) => ClipDetails | undefined;
  readonly hasClip: (track: number, clip: number) => boolean;
  readonly hasFrame: (frame: number) => boolean;
}

/** The report allows itself its own pictures and styles, and nothing else. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
const PAGE_STYLES = `@page{margin:14mm}html{-webkit-text-size-adjust:100%}body{margin:0;background:#fbfaf7}
@media (prefers-color-scheme:dark){body{background:#161614}}@media print{body{background:#fff}}`;

/**
 * The whole page with names in place of its pictures: some hundred kB, whatever the length of the video. The renderer
 * is loaded with the first report, not with the process.
 */
export async function renderReport(facts: ReportFacts): Promise<string> {
  const { record, result, language, shown, details, hasClip, hasFrame } = facts;
  const { renderToStaticMarkup } = await import('react-dom/server');
  const job = { ...record, status: 'succeeded' as const, finishedAt: result.timings.finishedAt };
  const pictures = {
    clip: (track: number, clip: number) => (hasClip(track, clip) ? clipName(track, clip) : null),
    frame: (frame: number) => (hasFrame(frame) ? frameName(frame) : null),
  };
  const view = createElement(JobView, { job, result, language, pictures, details, shown });
  const head = html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}"><meta name="referrer" content="no-referrer">
<title>${reportTitle(job, result, language)}</title>`;
  return `${head.text}<style>${PAGE_STYLES}${JOB_VIEW_STYLES}</style></head>\n<body><main>${renderToStaticMarkup(view)}</main></body></html>\n`;
}
