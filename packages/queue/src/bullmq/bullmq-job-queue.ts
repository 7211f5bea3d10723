import { entryId, FinishPayloadSchema, JobError, PreparePayloadSchema, ScorePayloadSchema } from '@styleflow/contracts';
import type { Logger } from '@styleflow/runtime';
import { FlowProducer } from 'bullmq';
import type { JobQueue } from '../ports/job-queue.js';
import type { OwnerWeights } from '../ports/owner-weights.js';
import type { SharedClock } from '../ports/shared-clock.js';
import type { Complaints } from '../redis/complaints.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { KEY_PREFIX } from '../redis/record-keys.js';
import type { RedisAddress } from '../redis/redis-url.js';
import { addPrepareAgain, forgetEnded, nextPrepare } from './again.js';
import { FINISH_QUEUE, type OpenQueues, PREPARE_QUEUE, scoreQueueOf } from './bullmq-queues.js';
import { startBullmqStageWorker } from './bullmq-stage-worker.js';
import { dropFromQueue, readChildFailures, removeChildren } from './children.js';
import { readDepth } from './depths.js';
import { flowOf, prepareIds, scoreOptions } from './entries.js';
import { sendInSpan } from './entry-spans.js';
import { readFlowStates, reviveFlow } from './flow-state.js';
import { forgetTurns, takeTurn } from './turns.js';

interface BullmqJobQueueOptions {
  /** Fail-fast; workers open connections of their own. */
  readonly client: RedisClient;
  readonly clock: SharedClock;
  readonly address: RedisAddress;
  readonly logger: Logger;
  readonly complaints: Complaints;
  readonly lockDurationMs: number;
  /** How long what is away may be away before an entry that waits for it fails. */
  readonly outageBudgetMs: number;
  readonly queues: OpenQueues;
  /** Absent: all weigh the same. */
  readonly weights?: OwnerWeights;
}

/** The stages' queues in BullMQ. */
export async function openBullmqJobQueue(options: BullmqJobQueueOptions): Promise<JobQueue> {
  const { client, clock, logger, complaints, queues, weights = new Map() } = options;
  const weightOf = (owner: string | undefined): number => weights.get(owner ?? '') ?? 1;
  const [prepare, finish] = await Promise.all([queues.open(PREPARE_QUEUE), queues.open(FINISH_QUEUE)]);
  const flows = new FlowProducer({ connection: client, prefix: KEY_PREFIX });
  flows.on('error', (error) => complaints.warn(error, {}, 'flow producer'));
  const reach = <T>(commands: () => Promise<T>): Promise<T> => reachRedis(client, commands);
  const exists = async (key: string): Promise<boolean> => (await client.exists(key)) === 1;

  return {
    async addFlow(payload) {
      await sendInSpan('prepare', PREPARE_QUEUE, payload, (traced) =>
        reach(async () => {
          // Both entries were added at once. Adding them again could tie the parent to a child that has failed already.
          if (await exists(finish.toKey(entryId.finish(payload)))) return;
          const { owner, ofBatch, options: wanted } = payload;
          const claimant = { owner, ofBatch, priority: wanted.priority, weight: weightOf(owner) };
          const turn = await takeTurn(client, prepare, entryId.prepare(payload), claimant);
          await flows.add(flowOf(traced, turn, await clock.now()));
        }),
      );
    },

    async addScore(payload, bundleDigest, priority, { again = false, owner, ofBatch } = {}) {
      const queue = await queues.open(scoreQueueOf(bundleDigest));
      await sendInSpan('score', queue.name, payload, (traced) =>
        reach(async () => {
          const finishKey = finish.toKey(entryId.finish(payload));
          if (again) await forgetEnded(client, queue, finishKey, entryId.score(payload));
          // As above: a clip that failed and is added again would never end for its parent.
          if (await exists(queue.toKey(entryId.score(payload)))) return;
          if (!(await exists(finishKey))) {
            throw new JobError('gone', `Run ${payload.run} of job ${payload.job} has no entries any more.`);
          }
          const turn = await takeTurn(client, queue, entryId.score(payload), {
            ...{ owner, priority, ofBatch },
            weight: weightOf(owner),
          });
          await queue.add('score', traced, {
            ...scoreOptions(payload, turn),
            timestamp: Math.round(await clock.now()),
          });
        }),
      );
    },

    async prepareAgain(payload) {
      const again = await reach(() => nextPrepare(prepare, payload));
      if (again === null || again === 'under way') return again !== null;
      if (!(await reach(() => exists(finish.toKey(entryId.finish(payload)))))) return false;
      await sendInSpan('prepare', PREPARE_QUEUE, payload, (traced) =>
        reach(async () => {
          const weight = weightOf(payload.owner);
          await addPrepareAgain(client, prepare, traced, again, { at: await clock.now(), weight });
        }),
      );
      return true;
    },

    async dropWaitingPrepare(run) {
      return reach(async () => {
        let isDropped = false;
        for (const id of prepareIds(run)) {
          const state = await prepare.getJobState(id);
          if (state !== 'waiting' && state !== 'prioritized' && state !== 'delayed') continue;
          isDropped = (await prepare.remove(id)) === 1 || isDropped;
        }
        return isDropped;
      });
    },

    async dropWaiting(run) {
      await reach(async () => {
        const entry = await finish.getJob(entryId.finish(run));
        await entry?.removeUnprocessedChildren();
        const isDelayed = async (): Promise<boolean> => (await entry?.getState()) === 'delayed';
        // Its time may have come between the look and the call.
        if (await isDelayed()) {
          await entry?.promote().catch(async (error: unknown) => {
            if (await isDelayed()) throw error;
          });
        }
      });
    },

    async dropScores(run, bundle, before) {
      const entry = await reach(() => finish.getJob(entryId.finish(run)));
      if (!entry) return;
      await dropFromQueue(client, entry, await queues.open(scoreQueueOf(bundle)), (entries) =>
        before(entries.flatMap(({ track, clip }) => (track === null || clip === null ? [] : [{ track, clip }]))),
      );
    },

    async scoreLoad(bundle) {
      const queue = await queues.open(scoreQueueOf(bundle));
      const {
        wait = 0,
        prioritized = 0,
        active = 0,
      } = await reach(() => queue.getJobCounts('wait', 'prioritized', 'active'));
      return { waiting: wait + prioritized, held: active };
    },

    async childFailures(run) {
      const entry = await reach(() => finish.getJob(entryId.finish(run)));
      return entry ? readChildFailures(client, entry, logger) : { prepare: null, clips: [] };
    },

    flowState: async (run) => (await readFlowStates(client, finish, [run]))[0] ?? 'absent',
    flowStates: (runs) => readFlowStates(client, finish, runs),

    reviveFinish: (run) => reviveFlow(client, finish, run),

    async removeEntries(run) {
      const finishId = entryId.finish(run);
      const entry = await reach(() => finish.getJob(finishId));
      const leftOver = entry ? await removeChildren(client, entry, queues) : 0;
      return reach(async () => {
        const isPrepareGone = (await prepare.remove(entryId.prepare(run), { removeChildren: false })) === 1;
        if (leftOver > 0 || !isPrepareGone) return false;
        return (await finish.remove(finishId, { removeChildren: false })) === 1;
      });
    },

    async forgetTurns() {
      for (const name of await queues.names()) {
        const queue = await queues.open(name);
        await reach(() => forgetTurns(client, queue));
      }
    },

    workPrepare: (handler, { concurrency, checks = {} }) =>
      startBullmqStageWorker({
        ...options,
        stage: 'prepare',
        queueName: PREPARE_QUEUE,
        schema: PreparePayloadSchema,
        handler,
        concurrency,
        checks,
      }),

    workScore(handler, { concurrency, checks = {}, bundleDigest }) {
      const queueName = scoreQueueOf(bundleDigest);
      // Makes the queue known to operators and autoscalers before its first clip; whoever adds one does it too.
      queues.open(queueName).catch((error: unknown) => logger.warn({ queue: queueName, err: error }, 'queue'));
      return startBullmqStageWorker({
        ...options,
        stage: 'score',
        queueName,
        schema: ScorePayloadSchema,
        handler,
        concurrency,
        checks,
      });
    },

    workFinish: (handler, { concurrency, checks = {} }) =>
      startBullmqStageWorker({
        ...options,
        stage: 'finish',
        queueName: FINISH_QUEUE,
        schema: FinishPayloadSchema,
        handler,
        concurrency,
        checks,
      }),

    async depths() {
      const opened = await Promise.all((await queues.names()).map((name) => queues.open(name)));
      const now = await clock.now();
      return reach(() => Promise.all(opened.map((queue) => readDepth(client, queue, now))));
    },

    async close() {
      await flows.close();
    },
  };
}
