import type { Job } from '@styleflow/client/browser';
import type { KeyboardEvent } from 'react';
import { Checkbox } from 'react-aria-components/Checkbox';
import type { Selection } from 'react-aria-components/Table';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components/Table';
import { useTranslations } from 'use-intl';
import { goTo } from '../app/hash-location.js';
import { jobName } from '../parts/job-name.js';
import { ScoreText, StatusMark, VerdictMark } from '../parts/marks.js';
import { TimeText } from '../parts/time-text.js';

interface JobTableProps {
  readonly jobs: readonly Job[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

/** One page of jobs. Arrow keys move, Space selects, Enter opens. */
export function JobTable({ jobs, selected, onSelect }: JobTableProps) {
  const t = useTranslations('jobs');
  const select = (keys: Selection): void =>
    onSelect(keys === 'all' ? new Set(jobs.map(({ id }) => id)) : new Set([...keys].map(String)));
  return (
    <div className="scroll" onKeyDownCapture={openByEnter}>
      <Table
        aria-label={t('list')}
        className="table stacked"
        selectionMode="multiple"
        selectionBehavior="toggle"
        selectedKeys={selected}
        onSelectionChange={select}
        onRowAction={(id) => goTo(`/jobs/${id}`)}
      >
        <TableHeader>
          <Column className="tight">
            <Tick />
          </Column>
          <Column isRowHeader>{t('name')}</Column>
          <Column>{t('status')}</Column>
          <Column>{t('verdict')}</Column>
          <Column className="number">{t('score')}</Column>
          <Column>{t('created')}</Column>
        </TableHeader>
        <TableBody items={jobs}>
          {(job) => (
            <Row id={job.id} textValue={jobName(job)}>
              <Cell className="tight">
                <Tick />
              </Cell>
              <Cell className="name">{jobName(job)}</Cell>
              <Cell>
                <StatusMark status={job.status} />
                {job.progress.percent !== null &&
                  job.status !== 'succeeded' &&
                  job.status !== 'failed' &&
                  job.status !== 'canceled' && <span className="soft"> {Math.round(job.progress.percent)} %</span>}
              </Cell>
              <Cell className={job.verdict === undefined ? 'none' : ''}>
                <VerdictMark label={job.verdict?.label} />
              </Cell>
              <Cell className={job.verdict === undefined ? 'number none' : 'number'}>
                <ScoreText score={job.verdict?.score} threshold={job.verdict?.threshold} />
              </Cell>
              <Cell className="when">
                <TimeText at={job.createdAt} />
              </Cell>
            </Row>
          )}
        </TableBody>
      </Table>
    </div>
  );
}

/** The table by itself opens by Enter only as long as nothing is selected, and else selects. */
function openByEnter(event: KeyboardEvent): void {
  const row = event.target as HTMLElement;
  const id = row.matches('tr[data-key]') ? row.dataset.key : undefined;
  if (event.key !== 'Enter' || id === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  goTo(`/jobs/${id}`);
}

function Tick() {
  return (
    <Checkbox slot="selection" className="box">
      <span className="box-sign" aria-hidden="true" />
    </Checkbox>
  );
}
