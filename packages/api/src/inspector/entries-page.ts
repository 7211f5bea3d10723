import { ENTRY_STATES, type EntryList, type EntryState, type QueueEntry, type QueueFacts } from '@styleflow/contracts';
import { type Html, html } from '@styleflow/runtime';
import { pageFrame } from './page-frame.js';
import { ageText, attemptsText, entryPagePath, pagePath, STATE_WORDS, timeText, workText } from './print-facts.js';

export interface EntriesView {
  readonly queue: QueueFacts;
  readonly state: EntryState;
  readonly list: EntryList;
  /** Only the first page refreshes itself. On others the entries would move while the operator reads. */
  readonly isFirst: boolean;
}

/** The entries of one queue in one state. */
export function entriesPage({ queue, state, list, isFirst }: EntriesView): string {
  const { entries, nextCursor } = list;
  const next =
    nextCursor === null
      ? null
      : html`<p><a href="${pagePath(queue.name, state)}&amp;cursor=${encodeURIComponent(nextCursor)}">next page</a></p>`;
  const body = [
    queue.paused
      ? html`<p class="bad">Paused: nothing is taken from it until <code>npx styleflow queues resume ${queue.name}</code>.</p>`
      : null,
    tabs(queue, state),
    entries.length === 0 ? html`<p class="soft">No entry is ${STATE_WORDS[state]}.</p>` : table(entries),
    next,
  ];
  return pageFrame(queue.name, body, { trail: [['queues', '/admin/queues']], refreshes: isFirst });
}

function tabs(queue: QueueFacts, current: EntryState): Html {
  const counts: Readonly<Record<EntryState, number>> = { ...queue, 'waiting-children': queue.waitingChildren };
  return html`<p class="tabs">${ENTRY_STATES.map((state) => {
    const text = `${STATE_WORDS[state]} ${counts[state]}`;
    return state === current ? html`<b>${text}</b>` : html`<a href="${pagePath(queue.name, state)}">${text}</a>`;
  })}</p>`;
}

function table(entries: readonly QueueEntry[]): Html {
  return html`<div class="scroll"><table><tr><th>job</th><th>work</th><th class="n">turn</th><th>attempts</th><th class="n">age</th><th>last started (UTC)</th>
<th>worker</th><th>last failure</th></tr>${entries.map(row)}</table></div>`;
}

function row(entry: QueueEntry): Html {
  const { queue, id, job, turn, ageSeconds, startedAt, retryAt, takenBy, lockSeconds, state, error } = entry;
  const again = retryAt === null ? null : html`<br><span class="soft">again at ${timeText(retryAt)}</span>`;
  const lost = state === 'active' && lockSeconds === null ? html`<br><span class="mark">lock lost</span>` : null;
  return html`<tr><td class="w"><a href="${entryPagePath(queue, id)}"><code>${job ?? id}</code></a></td><td class="w">${workText(entry)}</td><td class="n">${turn ?? '–'}</td>
<td class="w">${attemptsText(entry)}</td><td class="n w">${ageSeconds === null ? '–' : ageText(ageSeconds)}</td><td class="w">${timeText(startedAt)}${again}</td>
<td class="w">${takenBy === null ? '–' : `${takenBy.host} : ${takenBy.pid}`}${lost}</td>
<td class="sentence">${error === null ? '–' : html`<b>${error.code}</b> ${error.message}`}</td></tr>`;
}
