import type { System } from '@styleflow/client/browser';
import { useFormatter, useTranslations } from 'use-intl';
import { TimeText } from '../parts/time-text.js';

type Worker = System['workers'][number];
const GIB = 1024 ** 3;

/** The processes, what each is busy with, and its card. */
export function WorkerTable({ workers }: Pick<System, 'workers'>) {
  const t = useTranslations('system');
  const sorted = [...workers].sort((a, b) =>
    `${a.kind} ${a.host} ${a.pid}`.localeCompare(`${b.kind} ${b.host} ${b.pid}`),
  );
  return (
    <section>
      <h2>{t('processes')}</h2>
      <div className="scroll">
        <table className="table many">
          <thead>
            <tr>
              {(['kind', 'health', 'host', 'since', 'busy', 'bundle', 'card', 'pace'] as const).map((word) => (
                <th key={word} scope="col" className={word === 'pace' ? 'number' : undefined}>
                  {t(word)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((worker) => (
              <WorkerRow key={worker.id} worker={worker} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function WorkerRow({ worker }: { readonly worker: Worker }) {
  const t = useTranslations('system');
  const format = useFormatter();
  const { kind, health, host, pid, version, startedAt, slots = {}, bundle, clipsPerSecond } = worker;
  const busy = Object.entries(slots).map(([stage, slot]) => `${stage} ${slot?.busy ?? 0}/${slot?.total ?? 0}`);
  return (
    <tr>
      <th scope="row">
        {kind} <span className="soft hint">{version}</span>
      </th>
      <td>
        <span className={health === 'ready' || health === 'busy' ? 'mark good' : 'mark warn'}>{t(health)}</span>
      </td>
      <td>
        {host} : {pid}
      </td>
      <td>
        <TimeText at={startedAt} />
      </td>
      <td>{busy.join(', ') || '–'}</td>
      <td className="wrap">{bundle?.id ?? '–'}</td>
      <td>
        <CardText worker={worker} />
      </td>
      <td className="number">
        {clipsPerSecond === undefined ? '–' : format.number(clipsPerSecond, { maximumFractionDigits: 1 })}
      </td>
    </tr>
  );
}

function CardText({ worker: { gpu, card, provider } }: { readonly worker: Worker }) {
  const t = useTranslations('system');
  if (card === undefined) return <>{gpu ?? provider ?? '–'}</>;
  const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
  const used = card.memoryUsedBytes === null ? '?' : gib(card.memoryUsedBytes);
  return (
    <>
      {gpu}
      <span className="soft hint">
        {t('memory', { used, all: gib(card.memoryBytes) })}
        {card.utilization !== null && <> · {t('load', { percent: card.utilization })}</>}
      </span>
    </>
  );
}
