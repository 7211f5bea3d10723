import { describe, expect, it } from 'vitest';
import { auditRun, type FinalState, type FindingKind, firstDifference, type ListedJob } from './audit.js';
import type { ClientLog, CreateAnswer, CreateLog, JobLog } from './client-log.js';

const RESULT = { verdict: { label: 'inconclusive', score: 0.5 } };
const ACCEPTED: CreateAnswer = { kind: 'accepted', id: 'job_A' };
const CUT: CreateAnswer = { kind: 'unanswered', why: 'socket hang up' };
const refused = (status: number, id: string | null = null): CreateAnswer => ({
  kind: 'refused',
  status,
  code: 'code',
  detail: '',
  id,
});

const create = (more: Partial<CreateLog> = {}): CreateLog => ({
  token: 't',
  isKeyed: true,
  video: 0,
  answers: [ACCEPTED],
  ...more,
});
const followed = (more: Partial<JobLog> = {}): JobLog => ({
  id: 'job_A',
  token: 't',
  acceptedAtMs: 0,
  endsTold: ['succeeded'],
  firstEndAtMs: 1,
  goneTold: 0,
  cancel: 'no',
  deletion: 'no',
  ...more,
});
const listedJob = (more: Partial<ListedJob> = {}): ListedJob => ({
  id: 'job_A',
  token: 't',
  status: 'succeeded',
  error: null,
  endEvents: 1,
  result: RESULT,
  ...more,
});

/** One job that went well, but for what is named. */
interface Story extends Partial<FinalState> {
  readonly creates?: readonly CreateLog[];
  readonly jobs?: readonly JobLog[];
}

function audit({ creates = [create()], jobs = [followed()], ...state }: Story) {
  const log: ClientLog = { creates, jobs };
  const calm: FinalState = {
    listed: [listedJob()],
    objects: ['jobs/job_A/result.json'],
    recorded: ['job_A'],
    entries: [],
    unready: [],
  };
  return auditRun(log, { ...calm, ...state }, [RESULT]);
}
const gone = { listed: [], objects: [], recorded: [] } as const;

describe('the audit of a run', () => {
  it('finds nothing where all went well', () => {
    expect(audit({})).toMatchObject({ findings: [], equalResults: 1, acceptedJobs: 1, untoldByCutConnection: [] });
  });

  it('finds nothing in a job that was canceled, deleted, or succeeded before its cancelling came', () => {
    expect(
      audit({
        jobs: [followed({ cancel: 'accepted', endsTold: ['canceled'] })],
        listed: [listedJob({ status: 'canceled', result: null })],
      }).findings,
    ).toEqual([]);
    expect(audit({ jobs: [followed({ cancel: 'accepted' })] }).findings).toEqual([]);
    expect(audit({ jobs: [followed({ deletion: 'done' })], ...gone })).toMatchObject({ findings: [], deletedJobs: 1 });
  });

  it('finds nothing in a create that was repeated with its key and made one job', () => {
    const answers = [CUT, refused(503), refused(409), ACCEPTED];
    expect(audit({ creates: [create({ answers })] })).toMatchObject({ findings: [], repeatedCreates: 1 });
  });

  it('counts a create whose refusal had named another id', () => {
    const named = (id: string) => audit({ creates: [create({ answers: [refused(503, id), ACCEPTED] })] });
    expect(named('job_B')).toMatchObject({ findings: [], namedOtherwise: 1 });
    expect(named('job_A')).toMatchObject({ findings: [], namedOtherwise: 0 });
  });

  it('finds nothing in an upload that was lost and sent again as another create', () => {
    const lost = create({
      token: 'u',
      answers: [{ kind: 'refused', status: 410, code: 'upload_expired', detail: '', id: null }],
    });
    expect(audit({ creates: [lost, create()] }).findings).toEqual([]);
  });

  it('lists, and does not blame, a job whose only client was cut off', () => {
    const cut = create({ token: 'cut', isKeyed: false, answers: [CUT] });
    const job = listedJob({ id: 'job_B', token: 'cut' });
    expect(audit({ creates: [create(), cut], listed: [listedJob(), job], recorded: ['job_A', 'job_B'] })).toMatchObject(
      { findings: [], untoldByCutConnection: ['job_B'] },
    );
  });

  it('does not blame a job that a refusal had named', () => {
    const named = create({ token: 'named', isKeyed: false, answers: [refused(503, 'job_B')] });
    const job = listedJob({ id: 'job_B', token: 'named' });
    expect(audit({ creates: [create(), named], listed: [listedJob(), job] })).toMatchObject({
      findings: [],
      untoldByCutConnection: [],
    });
  });

  const other = (more: Partial<ListedJob>) => ({ listed: [listedJob(more)] });
  const stories: readonly (readonly [FindingKind, string, Story])[] = [
    ['lost', 'an accepted job is not listed', gone],
    ['unended', 'an accepted job still waits', { ...other({ status: 'queued' }), jobs: [followed({ endsTold: [] })] }],
    ['failed', 'a job failed', { ...other({ status: 'failed' }), jobs: [followed({ endsTold: ['failed'] })] }],
    [
      'failed',
      'a job was canceled by nobody',
      { ...other({ status: 'canceled' }), jobs: [followed({ endsTold: [] })] },
    ],
    ['ended-twice', 'two events tell an end', other({ endEvents: 2 })],
    ['ended-twice', 'clients were told two ends', { jobs: [followed({ endsTold: ['failed', 'succeeded'] })] }],
    ['ended-twice', 'clients were told another end', { jobs: [followed({ endsTold: ['canceled'] })] }],
    ['other-result', 'a number differs', other({ result: { verdict: { label: 'inconclusive', score: 0.6 } } })],
    ['no-result', 'the result cannot be read', other({ result: null })],
    [
      'doubled',
      'a repeated create made two jobs',
      { creates: [create({ answers: [CUT, ACCEPTED] })], listed: [listedJob(), listedJob({ id: 'job_B' })] },
    ],
    [
      'doubled',
      'a repeated create was answered with two ids',
      { creates: [create({ answers: [{ kind: 'accepted', id: 'job_B' }, ACCEPTED] })] },
    ],
    [
      'never-accepted',
      'a key never led to a job',
      { creates: [create(), create({ token: 'u', answers: [CUT, refused(503)] })] },
    ],
    ['refused', 'a good create was called wrong', { creates: [create({ answers: [refused(500), ACCEPTED] })] }],
    [
      'untold',
      'a refused create made a job',
      {
        creates: [create(), create({ token: 'u', isKeyed: false, answers: [refused(503)] })],
        listed: [listedJob(), listedJob({ id: 'job_B', token: 'u' })],
      },
    ],
    ['untold', 'a job is nobody’s', { listed: [listedJob(), listedJob({ id: 'job_B', token: null })] }],
    ['told-gone', 'a poll said that there is no such job', { jobs: [followed({ goneTold: 2 })] }],
    ['undead', 'a deleted job is listed', { jobs: [followed({ deletion: 'done' })] }],
    ['undead', 'a deleted job has a record', { jobs: [followed({ deletion: 'done' })], ...gone, recorded: ['job_A'] }],
    [
      'left-object',
      'a deleted job left an object',
      { jobs: [followed({ deletion: 'done' })], ...gone, objects: ['jobs/job_A/source'] },
    ],
    ['left-object', 'an object is nobody’s', { objects: ['jobs/job_A/result.json', 'jobs/job_B/source'] }],
    ['left-record', 'Redis has a record that nobody lists', { recorded: ['job_A', 'job_B'] }],
    ['left-entry', 'an ended job has an entry', { entries: ['job_A.1.score.0.0'] }],
    ['left-entry', 'an entry is nobody’s', { entries: ['job_B.1.prepare'] }],
    ['unready', 'a process is not ready', { unready: ['cpu-worker-1: 503'] }],
  ];
  for (const [kind, says, story] of stories) {
    it(`finds that ${says} (${kind}), and nothing else`, () => {
      expect(audit(story).findings.map((finding) => finding.kind)).toEqual([kind]);
    });
  }

  it('has a made-up run for every kind of finding', async () => {
    const { FINDING_KINDS } = await import('./audit.js');
    expect(new Set(stories.map(([kind]) => kind))).toEqual(new Set(Object.keys(FINDING_KINDS)));
  });
});

it('says where two results part', () => {
  expect(firstDifference({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] })).toBe('/a/1/b: 2 was expected, 3 is there');
  expect(firstDifference({ a: 1 }, {})).toBe('/a: 1 was expected, nothing is there');
});
