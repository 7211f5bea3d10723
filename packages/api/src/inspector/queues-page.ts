import type { EntryState, Job, QueueFacts, WorkerFacts } from '@styleflow/contracts';
import { type Html, html } from '@styleflow/runtime';
import { pageFrame } from './page-frame.js';
import { ageText, gibText, pagePath, timeText } from './print-facts.js';

export interface QueuesView {
  readonly queues: readonly QueueFacts[];
  readonly workers: readonly WorkerFacts[];
  /** The newest failed jobs. They are listed here because their entries are removed soon after they have ended. */
  readonly failedJobs: readonly Job[];
}

/** Shows all queues and processes, and the failed jobs. */
export function queuesPage({ queues, workers, failedJobs }: QueuesView): string {
  const warnings = queues.flatMap((queue) => warning(queue) ?? []);
  const body = [...warnings, queueTable(queues), workerTable(workers), failedTable(failedJobs)];
  return pageFrame('Queues', body, { trail: [], refreshes: true });
}

function warning({ name, paused, waiting, workers }: QueueFacts): Html | null {
  if (paused) {
    return html`<p class="bad"><code>${name}</code> is paused: nothing is taken from it until <code>npx styleflow queues resume ${name}</code>.</p>`;
  }
  return waiting > 0 && workers === 0
    ? html`<p class="bad">${waiting} entries wait in <code>${name}</code>, and no worker serves it.</p>`
    : null;
}

function queueTable(queues: readonly QueueFacts[]): Html {
  return html`<div class="scroll"><table><tr><th>queue</th><th>bundle</th><th class="n">waiting</th><th class="n">active</th>
<th class="n">delayed</th><th class="n">waiting for children</th><th class="n">failed</th><th class="n">completed</th><th class="n">oldest waits</th>
<th class="n">workers</th></tr>${queues.map(queueRow)}</table></div>`;
}

function queueRow(queue: QueueFacts): Html {
  const { name, paused, bundle, oldestSeconds, workers } = queue;
  const count = (state: EntryState, entries: number): Html =>
    html`<td class="n">${entries === 0 ? '0' : html`<a href="${pagePath(name, state)}">${entries}</a>`}</td>`;
  return html`<tr><td class="w"><a href="${pagePath(name, 'waiting')}">${name}</a>${paused && html` <span class="mark">paused</span>`}</td><td>${bundle}</td>
${count('waiting', queue.waiting)}${count('active', queue.active)}${count('delayed', queue.delayed)}${count('waiting-children', queue.waitingChildren)}
${count('failed', queue.failed)}${count('completed', queue.completed)}<td class="n">${oldestSeconds === null ? '–' : ageText(oldestSeconds)}</td><td class="n">${workers}</td></tr>`;
}

function workerTable(workers: readonly WorkerFacts[]): Html {
  const sorted = [...workers].sort((a, b) =>
    `${a.kind} ${a.host} ${a.pid}`.localeCompare(`${b.kind} ${b.host} ${b.pid}`),
  );
  return html`<h2>Processes</h2><div class="scroll"><table><tr><th>kind</th><th>health</th><th>host : pid</th><th>version</th><th>since (UTC)</th><th>busy</th><th>bundle</th>
<th>provider</th><th>card</th><th class="n">clips/s</th></tr>${sorted.map(workerRow)}</table></div>`;
}

function workerRow(worker: WorkerFacts): Html {
  const { kind, health, host, pid, version, startedAt, slots = {}, bundle, provider, clipsPerSecond } = worker;
  const busy = Object.entries(slots).map(([stage, { busy, total }]) => `${stage} ${busy}/${total}`);
  return html`<tr><td class="w">${kind}</td><td class="${health === 'draining' ? 'mark' : 'good'}">${health}</td><td class="w">${host} : ${pid}</td><td>${version}</td>
<td class="w">${timeText(startedAt)}</td><td class="w">${busy.join(', ') || '–'}</td><td>${bundle?.id}</td><td>${provider}</td><td>${gpuText(worker)}</td>
<td class="n">${clipsPerSecond === undefined ? '–' : clipsPerSecond.toFixed(1)}</td></tr>`;
}

function gpuText({ gpu, card }: WorkerFacts): Html | string {
  if (card === undefined) return gpu ?? '–';
  const used = card.memoryUsedBytes === null ? 'not measured' : gibText(card.memoryUsedBytes);
  const load = card.utilization === null ? '' : ` · ${Math.round(card.utilization * 100)} % load`;
  return html`${gpu}<br><span class="soft">${used} of ${gibText(card.memoryBytes)}${load}<br><code>${card.uuid}</code></span>`;
}

function failedTable(jobs: readonly Job[]): Html | null {
  if (jobs.length === 0) return null;
  return html`<h2>Newest failed jobs</h2><p class="soft">Their entries are deleted within minutes. <code>npx styleflow retry JOB</code> runs one again.</p>
<div class="scroll"><table><tr><th>job</th><th>ended (UTC)</th><th>why</th></tr>${jobs.map(
    ({ id, finishedAt, error }) =>
      html`<tr><td class="w"><code>${id}</code></td><td class="w">${timeText(finishedAt)}</td><td class="sentence">${error && html`<b>${error.code}</b> ${error.message}`}</td></tr>`,
  )}</table></div>`;
}
