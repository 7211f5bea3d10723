import { type Html, html, printCount } from '@styleflow/runtime';
import type { Measure } from '../metrics/measure-counts.js';
import type { RunComparison } from '../run/compare-runs.js';
import { figureCell } from './figure-cell.js';
import { figureText, MEASURE_WORDS } from './figure-words.js';

/** How the run differs from another one of the same videos, and which of these are answered otherwise. */
export function comparisonSection({ name, figures }: { readonly name: string; readonly figures: RunComparison }): Html {
  const { videos, onlyInOne, delong, differences, changed } = figures;
  const rows = Object.entries(differences).map(
    ([measure, { difference, interval }]) =>
      html`<tr><th scope="row">${MEASURE_WORDS[measure as Measure][0]}</th><td>${figureCell(figureText(difference, interval))}</td></tr>`,
  );
  const lines = changed.map(
    (each) =>
      html`<tr><td class="wrap">${each.id}</td><td>${each.isFake ? 'fake' : 'real'}</td><td>${each.before} (${each.scoreBefore.toFixed(3)})</td><td>${each.after} (${each.scoreAfter.toFixed(3)})</td></tr>`,
  );
  return html`<h2>Compared with ${name}</h2><p>${printCount(videos, 'video')} that both runs scored; ${onlyInOne} only one of them. ${delong === null ? 'Too few for a test.' : `AUC: DeLong's test p = ${delong.p.toPrecision(3)}.`}</p>
<div class="wide"><table><thead><tr><th></th><th scope="col">this − other, percent points [95 %, same videos drawn for both]</th></tr></thead><tbody>${rows}</tbody></table></div>
${
  changed.length === 0
    ? html`<p>All of them are answered as there.</p>`
    : html`<p>${printCount(changed.length, 'video')} answered otherwise:</p>
<div class="wide"><table><thead><tr><th scope="col">video</th><th scope="col">truth</th><th scope="col">other</th><th scope="col">this</th></tr></thead><tbody>${lines}</tbody></table></div>`
}`;
}
