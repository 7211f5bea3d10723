import { setTimeout as pause } from 'node:timers/promises';
import { JobError, type JobId, mintJobId } from '@styleflow/contracts';
import { wasNotDone } from '@styleflow/queue';
import { askRedis, type FaultyLink, type RedisServer, startFaultyLink, startRedis, until } from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, call, postJson } from '../test-calls.js';
import { recordOf, storedKeys, URL_SOURCE } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

let redis: RedisServer;
let link: FaultyLink;
let server: TestServer;
/** Reaches Redis past the link: what there is, whatever the other was told. */
let witness: TestServer;
let jobs: string;

beforeEach(async () => {
  redis = await startRedis();
  link = await startFaultyLink({ port: redis.port });
  server = await startTestServer({}, { redis, redisUrl: `redis://127.0.0.1:${link.port}` });
  witness = await startTestServer({}, { redis, beside: server });
  jobs = `${server.url}/v1/jobs`;
});
afterEach(async () => {
  await server.stop();
  await witness.stop();
  await link.stop();
  await redis.stop();
});

const keyed = (key: string): Record<string, string> => ({ 'Idempotency-Key': key });
const submitUrl = (key?: string): Promise<Answer> =>
  postJson(jobs, { source: URL_SOURCE }, key === undefined ? {} : keyed(key));

function submitFilm(key?: string, film = 'the film'): Promise<Answer> {
  const form = new FormData();
  form.append('video', new Blob([film]), 'a.mp4');
  return call(jobs, { method: 'POST', body: form, headers: key === undefined ? {} : keyed(key) });
}

/** The answer to the next creation, and to its repetition, is lost, whether or not Redis has heard of it. */
function loseNextCreation(hears: boolean): void {
  const { create } = server.records;
  let tries = 0;
  Object.assign(server.records, {
    async create(...args: Parameters<typeof create>) {
      tries += 1;
      if (tries === 2) Object.assign(server.records, { create });
      if (hears) await witness.records.create(...args);
      const cause = new Error('Connection is closed.');
      throw new JobError('queue_unavailable', 'Redis cannot serve now.', { cause });
    },
  });
}

/** Seen from the server, too: what it sends from now on was certainly never sent. */
const connectionIsGone = (): Promise<unknown> =>
  until('the connection is gone', () => server.records.read(mintJobId()).then(() => false, wasNotDone));

/** As if the claims of keys had not been renewed for long. */
async function endLeases(): Promise<void> {
  const claims = await askRedis(redis.port, ['KEYS', '{styleflow}/idempotency/*']);
  for (const claim of Array.isArray(claims) ? claims.map(String) : []) {
    await askRedis(redis.port, ['HSET', claim, 'leaseUntil', '0']);
  }
}

/** Jobs of which the sweep would delete a video that lies there without them. */
const arriving = (): Promise<JobId[]> => witness.arrivals.notedBefore(Date.now() + 3_600_000, 10);

async function allJobs(): Promise<JobId[]> {
  const ids: JobId[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await witness.lists.list({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...page.jobs.map(({ id }) => id));
    if (page.nextCursor === null) return ids;
    cursor = page.nextCursor;
  }
}

/** Repeated as a client repeats it: until it is accepted. */
const repeated = (submit: () => Promise<Answer>): Promise<Answer> =>
  until('the repetition is accepted', async () => {
    const answer = await submit();
    if (answer.status === 202) return answer;
    expect([409, 503]).toContain(answer.status);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await pause(200);
    return null;
  });

/** The id that an answer names, accepted or not. */
const namedBy = ({ status, body }: Answer): JobId => (status === 202 ? body.id : body.job);

describe('a submission whose outcome is unknown', () => {
  it('of 400 at once through an outage each exists once when it is repeated, and none that was not named', async () => {
    const keys = Array.from({ length: 200 }, () => mintJobId());
    const submissions = [...keys.map((key) => submitUrl(key)), ...keys.map(() => submitUrl())];
    // In the middle of them: some are accepted, of some the answer is lost, of some the request.
    await until('some are accepted', async () => (await witness.lists.countUnfinished()) > 20);
    link.mute();
    await pause(150);
    link.cut();
    await pause(3_000);
    link.restore();
    const answers = await Promise.all(submissions);
    const failed = answers.filter(({ status }) => status !== 202);
    expect(failed.length).toBeGreaterThan(20);
    for (const answer of failed) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'queue_unavailable', job: expect.any(String) } });
      expect(answer.headers.get('location')).toBe(`/v1/jobs/${answer.body.job}`);
    }
    const named = new Set(answers.map(namedBy));
    expect(named.size).toBe(400);
    expect((await allJobs()).filter((id) => !named.has(id))).toEqual([]);

    const outcomes = await Promise.all(keys.map((key) => repeated(() => submitUrl(key))));
    const made = outcomes.map(({ body }) => body.id);
    expect(new Set(made).size).toBe(keys.length);
    for (const [index, answer] of answers.slice(0, keys.length).entries()) {
      if (answer.status === 202) expect(made[index]).toBe(answer.body.id);
    }
    const all = await allJobs();
    const known = new Set([...named, ...made]);
    expect(all.filter((id) => !known.has(id))).toEqual([]);
    expect(made.filter((id) => !all.includes(id))).toEqual([]);
    const [first] = made;
    if (first !== undefined) expect(await witness.queue.flowState({ job: first, run: 1 })).toBe('live');
    // Of each keyed one exactly the job that its repetition named: no twin under the id of the first answer.
    const twins = answers
      .slice(0, keys.length)
      .map(namedBy)
      .filter((id, index) => id !== made[index] && all.includes(id));
    expect(twins).toEqual([]);
  });

  it('goes on under the id that it was told, with the film that the repetition brings', async () => {
    const key = mintJobId();
    // The claim is heard and its answer lost; nothing more can be asked after it.
    const claim = server.claims.claimIdempotency;
    let minted: string | undefined;
    Object.assign(server.claims, {
      async claimIdempotency(...args: Parameters<typeof claim>) {
        minted = args[2];
        const found = await claim(...args);
        Object.assign(server.claims, { claimIdempotency: claim });
        link.cut();
        return found;
      },
    });
    const first = await submitFilm(key);
    expect(first).toMatchObject({ status: 503, body: { job: minted } });
    expect(await arriving()).toEqual([minted]);
    // As if the process had been killed by now: what it would take back stays.
    await server.shutDown();
    link.restore();
    jobs = `${witness.url}/v1/jobs`;
    expect(await submitFilm(key)).toMatchObject({ status: 409, body: { job: minted } });
    const again = await repeated(() => submitFilm(key));
    expect(again.body.id).toBe(minted);
    expect(await storedKeys(witness, 'jobs/')).toEqual([`jobs/${minted}/job.json`, `jobs/${minted}/source`]);
    expect(await arriving()).toEqual([]);
  });

  it('that the sweep has given up meanwhile is told to come again, and is made under another id', async () => {
    const key = mintJobId();
    loseNextCreation(false);
    const first = await submitFilm(key);
    expect(first).toMatchObject({ status: 503, body: { code: 'queue_unavailable' } });
    expect(await arriving()).toEqual([first.body.job]);
    expect(await witness.records.preclude(first.body.job)).toBe(true);
    await endLeases();
    const refused = await submitFilm(key);
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    const again = await repeated(() => submitFilm(key));
    expect(again.body.id).not.toBe(first.body.job);
    const place = `jobs/${again.body.id}`;
    expect(await storedKeys(witness, 'jobs/')).toEqual([`${place}/job.json`, `${place}/source`]);
    expect(await arriving()).toEqual([]);
  });

  it('is taken back once Redis is back, when it is known to have been refused', async () => {
    const key = mintJobId();
    const create = server.records.create;
    Object.assign(server.records, {
      create(...args: Parameters<typeof create>) {
        link.cut();
        return connectionIsGone().then(() => create(...args));
      },
    });
    const answer = await submitFilm(key);
    Object.assign(server.records, { create });
    expect(answer).toMatchObject({ status: 503, body: { code: 'queue_unavailable' } });
    expect(await storedKeys(server, 'jobs/')).toEqual([`jobs/${answer.body.job}/source`]);
    link.restore();
    await until('its video is gone', async () => (await storedKeys(server, 'jobs/')).length === 0);
    // At once, for anything: its key is free.
    const other = await submitFilm(key, 'another film');
    expect(other.status).toBe(202);
    expect(await allJobs()).toEqual([other.body.id]);
  });

  it('is accepted when the job was made and only its flow could not be added, which is left to the sweep', async () => {
    const add = server.queue.addFlow;
    Object.assign(server.queue, {
      addFlow(...args: Parameters<typeof add>) {
        link.cut();
        return connectionIsGone().then(() => add(...args));
      },
    });
    const answer = await submitUrl();
    Object.assign(server.queue, { addFlow: add });
    link.restore();
    expect(answer.status).toBe(202);
    expect(await recordOf(witness, answer.body.id)).toMatchObject({ status: 'queued', run: 1 });
  });

  it('is tried again under its id when only the answer of Redis was lost', async () => {
    const create = server.records.create;
    Object.assign(server.records, {
      async create(...args: Parameters<typeof create>) {
        Object.assign(server.records, { create });
        link.mute();
        const lost = create(...args);
        await until('it is made', async () => (await allJobs()).length === 1);
        link.restore();
        return lost;
      },
    });
    const answer = await submitUrl();
    expect(answer.status).toBe(202);
    expect(await allJobs()).toEqual([answer.body.id]);
  });

  it('and that nobody can repeat is settled later: its video goes, and the job can never be made', async () => {
    loseNextCreation(false);
    const answer = await submitFilm();
    expect(answer).toMatchObject({ status: 503, body: { code: 'queue_unavailable' } });
    await until('its video is gone', async () => (await storedKeys(server, 'jobs/')).length === 0);
    expect(await witness.records.isBuried(answer.body.job)).toBe(true);
  });

  it('and that nobody can repeat stays as a job, with its video, when it was made', async () => {
    loseNextCreation(true);
    const asked: unknown[] = [];
    const read = server.records.read;
    Object.assign(server.records, {
      async read(id: JobId) {
        asked.push(id);
        return read(id);
      },
    });
    const answer = await submitFilm();
    expect(answer).toMatchObject({ status: 503 });
    await until('it was looked after', async () => asked.includes(answer.body.job));
    expect(await recordOf(witness, answer.body.job)).toMatchObject({ status: 'queued' });
    const place = `jobs/${answer.body.job}`;
    expect(await storedKeys(server, 'jobs/')).toEqual([`${place}/job.json`, `${place}/source`]);
  });
});
