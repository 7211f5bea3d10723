import { Html, html } from '@styleflow/runtime';
import { MEASURES } from '../metrics/measure-counts.js';
import type { Picture } from '../pictures/draw-curves.js';
import { PROTOCOLS } from '../protocols/protocols.js';
import { PUBLISHED_FIGURES } from '../protocols/published-figures.js';
import type { RobustnessRow } from '../run/analyse-robustness.js';
import type { Analysis, Group } from '../run/analyse-run.js';
import type { RunComparison } from '../run/compare-runs.js';
import type { Run } from '../run/run-schemas.js';
import { comparisonSection } from './comparison-section.js';
import { figureCell } from './figure-cell.js';
import { cellOf, countWords, MEASURE_WORDS, protocolWords, ruleWords } from './figure-words.js';
import { robustnessSection } from './robustness-section.js';

export interface RunPage {
  readonly run: Run;
  readonly analysis: Analysis;
  readonly pictures: readonly Picture[];
  readonly comparison: { readonly name: string; readonly figures: RunComparison } | null;
  readonly robustness: readonly RobustnessRow[];
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:1440px;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.5rem;overflow-wrap:anywhere}h2{font-size:1.15rem;margin-top:2.2rem;overflow-wrap:anywhere}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}
th,td{padding:.3rem .5rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}td.wrap{min-width:min(14rem,40vw);overflow-wrap:anywhere}
.figures{font-size:.93em}.figures :is(th,td){padding:.3rem .35rem}.range{white-space:nowrap}tbody th{min-width:5rem}
.warn{border-left:4px solid #d55e00;background:#fff6ef;padding:.5rem 1rem}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr));gap:1rem}.pictures figure{margin:0}
.pictures svg{max-width:100%;height:auto}code{overflow-wrap:anywhere}small{color:#555}
@media (prefers-color-scheme:dark){:root{color-scheme:dark}body{color:#e6e6e6;background:#161616}th,td{border-color:#444}
.warn{background:#33231a}small{color:#aaa}.pictures figure{background:#fff;border-radius:6px}}`;

/** A run as one page that needs nothing else: what was measured, on what, by which rule, how sure it is, and what it does not say. */
export function runPage({ run, analysis, pictures, comparison, robustness }: RunPage): string {
  const { served, data } = run;
  const title = `${served?.bundle ?? 'no bundle'} on ${data.videos} labelled videos`;
  const [all] = analysis.groups;
  return `<!doctype html>${
    html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${new Html(STYLE)}</style></head><body>
<h1>${title}</h1>
${served?.trained === false ? warning('The bundle is untrained. Its scores, and all figures here, say nothing about any detector.') : null}
<p>Protocol <b>${protocolWords(run)}</b>: ${PROTOCOLS[run.protocol].summary}. Here: ${ruleWords(analysis)}.</p>
<p>${all === undefined ? 'No video has a result.' : `${countWords(all)}.`}</p>
${analysis.notes.map(warning)}${data.notes.length === 0 ? null : html`<ul>${data.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
<h2>By video</h2><p><small>In percent, with 95 % intervals (videos drawn again, within class and data set, 1,000 times).</small></p>
${figureTable(analysis.groups, ({ video }) => video)}
<h2>By clip</h2>${figureTable(analysis.groups, ({ clip }) => clip)}
<h2>What was answered</h2>${confusionTable(analysis.groups)}
<h2>Pictures</h2><div class="pictures">${pictures.map(({ svg, title: name }) => html`<figure role="img" aria-label="${name}">${new Html(svg)}</figure>`)}</div>
${robustnessSection(robustness)}${comparison === null ? null : comparisonSection(comparison)}
<h2>Beside what was published</h2>${publishedTable(analysis.groups)}
<h2>What this rests on</h2>${factsTable(run)}
<h2>The figures</h2><ul>${MEASURES.map((name) => html`<li><b>${MEASURE_WORDS[name][0]}</b>: ${MEASURE_WORDS[name][1]}</li>`)}</ul>
<p>Figures hold for videos like these, scored with these options. They say nothing about others.</p>
</body></html>`.text
  }\n`;
}

function warning(sentence: string): Html {
  return html`<p class="warn">${sentence}</p>`;
}

function figureTable(groups: readonly Group[], of: (group: Group) => Group['video']): Html {
  const heads = MEASURES.map(
    (name) => html`<th scope="col" title="${MEASURE_WORDS[name][1]}">${MEASURE_WORDS[name][0]}</th>`,
  );
  const rows = groups.map(
    (group) =>
      html`<tr><th scope="row">${group.name}</th>${MEASURES.map((name) => html`<td>${figureCell(cellOf(of(group), name))}</td>`)}</tr>`,
  );
  return html`<div class="wide"><table class="figures"><thead><tr><th></th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function confusionTable(groups: readonly Group[]): Html {
  const heads = [
    'fake, called fake',
    'fake, called real',
    'fake, no answer',
    'real, called real',
    'real, called fake',
    'real, no answer',
    'counts',
  ];
  const rows = groups.map((group) => {
    const { confusion: c } = group;
    const cells = [
      c.fakesCalledFake,
      c.fakesCalledReal,
      c.fakesUnanswered,
      c.realsCalledReal,
      c.realsCalledFake,
      c.realsUnanswered,
    ];
    return html`<tr><th scope="row">${group.name}</th>${cells.map((each) => html`<td>${each}</td>`)}<td class="wrap">${countWords(group)}</td></tr>`;
  });
  return html`<div class="wide"><table><thead><tr><th></th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Laid out as the papers' tables: AUC by data set, theirs beside ours. */
function publishedTable(groups: readonly Group[]): Html {
  const rows = PUBLISHED_FIGURES.map(({ dataset, auc, rerun }) => {
    const group =
      groups.find((group) => group.dataset === dataset && group.method === null) ??
      groups.find((group) => group.method === dataset);
    return html`<tr><th scope="row">${dataset}</th><td>${auc === null ? '–' : auc.toFixed(1)}</td><td>${rerun ?? '–'}</td><td>${group === undefined ? 'not in this run' : figureCell(cellOf(group.video, 'auc'))}</td></tr>`;
  });
  return html`<div class="wide"><table><thead><tr><th scope="col">AUC, %</th><th scope="col">published</th><th scope="col">measured by others</th><th scope="col">this run</th></tr></thead><tbody>${rows}</tbody></table></div>
<p><small>Published figures are of weights trained on FaceForensics++; their crops, alignment and numbers of frames differ from each other and are not always stated.</small></p>`;
}

function factsTable({ id, createdAt, options, data, served, seed }: Run): Html {
  const calibrated = served?.calibratedOn;
  const rows = [
    ['Run', `${id}, begun ${createdAt}`],
    ['Videos', `${data.input}: ${data.videos} (${data.fakes} fake, ${data.reals} real), list ${data.digest}`],
    [
      'Options',
      Object.entries(options)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ],
    [
      'Bundle',
      served === null
        ? '–'
        : `${served.bundle} (${served.variant}, ${served.conditions.precision}, ${served.trained ? 'trained' : 'untrained'}), digest ${served.digest}`,
    ],
    [
      'Calibrated on',
      calibrated === undefined
        ? 'nothing: the threshold was measured on no labelled video'
        : `run ${calibrated.run}, ${calibrated.date}, videos ${calibrated.data}`,
    ],
    ['Preprocessing', served?.conditions.preprocessing ?? '–'],
    [
      'Computed by',
      served === null ? '–' : `StyleFlow ${served.version}, ${served.provider ?? 'no clip scored'}, seed ${seed}`,
    ],
  ] as const;
  return html`<table><tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="wrap"><code>${value}</code></td></tr>`)}</tbody></table>`;
}
