import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readSelectors, type Selector } from './scrape.js';

const MONITORING = fileURLToPath(new URL('../../../deploy/monitoring/', import.meta.url));

const DashboardSchema = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});

/** The value of the label `installation` that prometheus.yml gives to what it scrapes. */
export const INSTALLATION = 'styleflow';

/** Fills in Grafana's variables and the run-books' placeholder, as an operator would. */
const asChosen = (text: string): string =>
  text.replaceAll(/"(?:\$installation|INSTALLATION)"/g, `"${INSTALLATION}"`).replaceAll('"$instance"', '".*"');

/** Every selector in dashboards, alert rules and run-books, and where it stands. */
export async function readOperatorsSelectors(): Promise<(readonly [where: string, selector: Selector])[]> {
  const found: (readonly [string, Selector])[] = [];
  for (const file of await readdir(`${MONITORING}dashboards`)) {
    const { panels } = DashboardSchema.parse(JSON.parse(await readFile(`${MONITORING}dashboards/${file}`, 'utf8')));
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        found.push(...readSelectors(asChosen(expr)).map((selector) => [`${file}: ${title}`, selector] as const));
      }
    }
  }
  const alerts = (await readFile(`${MONITORING}alerts.yml`, 'utf8')).replace(/^\s*#.*$/gm, '');
  for (const text of alerts.split('- alert: ').slice(1)) {
    found.push(...readSelectors(text).map((selector) => [`alerts.yml: ${/^\w+/.exec(text)?.[0]}`, selector] as const));
  }
  for (const file of await readdir(`${MONITORING}runbooks`)) {
    const text = asChosen(await readFile(`${MONITORING}runbooks/${file}`, 'utf8'));
    found.push(...readSelectors(text).map((selector) => [`runbooks/${file}`, selector] as const));
  }
  return found;
}
