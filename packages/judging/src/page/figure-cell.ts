import { type Html, html } from '@styleflow/runtime';

/** A figure with its interval, which a narrow column has below it: `91.3 [88.0, 94.1]`. */
export function figureCell(text: string): Html {
  const [figure = '', range] = text.split(/ (?=\[)/);
  return range === undefined ? html`${figure}` : html`${figure} <span class="range">${range}</span>`;
}
