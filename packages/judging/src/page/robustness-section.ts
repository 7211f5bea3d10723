import { type Html, html } from '@styleflow/runtime';
import type { RobustnessRow } from '../run/analyse-robustness.js';
import { figureCell } from './figure-cell.js';
import { figureText } from './figure-words.js';

/** The table of a run that was repeated under changes; nothing without them. */
export function robustnessSection(rows: readonly RobustnessRow[]): Html | null {
  if (rows.length === 0) return null;
  const lines = rows.map(
    ({ name, words, videos, unscored, auc, interval, loss }) =>
      html`<tr><th scope="row">${name}</th><td>${words}</td><td>${videos}</td><td>${unscored}</td><td>${figureCell(figureText(auc, interval))}</td><td>${figureCell(figureText(loss.difference, loss.interval))}</td></tr>`,
  );
  return html`<h2>Under changes</h2><div class="wide"><table><thead><tr><th></th><th scope="col">change</th><th scope="col">videos</th><th scope="col">without a score</th><th scope="col">AUC, %</th><th scope="col">against none, points</th></tr></thead><tbody>${lines}</tbody></table></div>`;
}
