import type { EntryDetails } from '@styleflow/contracts';
import { type Html, html } from '@styleflow/runtime';
import { pageFrame } from './page-frame.js';
import { ageText, attemptsText, entryPagePath, pagePath, STATE_WORDS, timeText, workText } from './print-facts.js';

/** Everything about one entry. */
export function entryDetailsPage(entry: EntryDetails): string {
  const body = [factsTable(entry), failures(entry), children(entry), payload(entry)];
  const trail = [['queues', '/admin/queues'] as const, [entry.queue, pagePath(entry.queue, entry.state)] as const];
  return pageFrame(workText(entry), body, { trail, refreshes: false });
}

function factsTable(entry: EntryDetails): Html {
  const { id, state, job, jobStatus, takenBy, lockSeconds, error, parent, links } = entry;
  const lock = lockSeconds === null ? '' : `, its lock lasts ${ageText(lockSeconds)}`;
  const rows: readonly (readonly [string, Html | string | number | null])[] = [
    ['entry', html`<code>${id}</code>`],
    ['state', STATE_WORDS[state]],
    ['job', job === null ? null : html`<code>${job}</code> ${jobStatus ?? 'not there any more'}`],
    [
      'the job again',
      links.retry === undefined
        ? null
        : html`<code>npx styleflow retry ${job}</code> or <code>POST ${links.retry}</code>`,
    ],
    ['turn', entry.turn],
    ['attempts', `${attemptsText(entry)}, ${entry.attempts.started} started`],
    ['added', `${timeText(entry.addedAt)}${entry.ageSeconds === null ? '' : `, ${ageText(entry.ageSeconds)} ago`}`],
    ['last started', timeText(entry.startedAt)],
    ['ended', entry.finishedAt === null ? null : timeText(entry.finishedAt)],
    ['again at', entry.retryAt === null ? null : timeText(entry.retryAt)],
    ['worker', takenBy === null ? null : `${takenBy.host} : ${takenBy.pid}${lock}`],
    ['last failure', error === null ? null : html`<b>${error.code}</b> ${error.message}`],
    [
      'parent',
      parent === null ? null : html`<a href="${entryPagePath(parent.queue, parent.id)}"><code>${parent.id}</code></a>`,
    ],
  ];
  return html`<table>${rows.filter(([, value]) => value !== null).map(([name, value]) => html`<tr><th>${name}</th><td class="sentence">${value}</td></tr>`)}</table>`;
}

function failures({ failures: lines }: EntryDetails): Html | null {
  if (lines.length === 0) return null;
  return html`<h2>Failed attempts</h2><div class="scroll"><table><tr><th>at (UTC)</th><th>worker</th><th>why</th></tr>${lines.map(
    ({ at, worker, code, message }) =>
      html`<tr><td class="w">${timeText(at)}</td><td class="w">${worker ?? '–'}</td><td class="sentence"><b>${code}</b> ${message}</td></tr>`,
  )}</table></div>`;
}

function children({ children: found }: EntryDetails): Html | null {
  if (found === null) return null;
  const { open, completed, failed, entries } = found;
  return html`<h2>Children</h2><p>${open} open, ${completed} completed, ${failed} failed${entries.length < open + completed + failed && `; ${entries.length} of them:`}</p>
<table>${entries.map(
    ({ queue, id, outcome }) =>
      html`<tr><td class="w ${outcome === 'failed' && 'bad'}">${outcome}</td><td><a href="${entryPagePath(queue, id)}"><code>${id}</code></a></td></tr>`,
  )}</table>`;
}

function payload({ payload: value, payloadProblem }: EntryDetails): Html {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return html`<h2>Payload</h2>${payloadProblem === null ? null : html`<p class="bad">No worker takes it: ${payloadProblem}</p>`}<pre>${text}</pre>`;
}
