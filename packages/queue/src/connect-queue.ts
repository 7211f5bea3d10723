import type { Logger } from '@styleflow/runtime';
import { openBullmqJobQueue } from './bullmq/bullmq-job-queue.js';
import { openBullmqQueues } from './bullmq/bullmq-queues.js';
import { bullmqReportQueue } from './bullmq/bullmq-report-queue.js';
import { bullmqWebhookQueue } from './bullmq/bullmq-webhook-queue.js';
import { goByRedisTime } from './bullmq/redis-time.js';
import { bullmqQueueInspector } from './inspect/bullmq-queue-inspector.js';
import type { Announcements } from './ports/announcements.js';
import type { Arrivals } from './ports/arrivals.js';
import type { BatchChanges, BatchRecords } from './ports/batch-records.js';
import type { CallCounts } from './ports/call-counts.js';
import type { CustodyLogs } from './ports/custody-logs.js';
import type { DeletionPace } from './ports/deletion-pace.js';
import type { EndedJobs } from './ports/ended-jobs.js';
import type { JobCensus } from './ports/job-census.js';
import type { JobChanges } from './ports/job-changes.js';
import type { JobLists } from './ports/job-lists.js';
import type { JobQueue } from './ports/job-queue.js';
import type { JobRecords } from './ports/job-records.js';
import type { Leases } from './ports/leases.js';
import type { LostBatches } from './ports/lost-batches.js';
import type { LostJobs } from './ports/lost-jobs.js';
import type { OwnerWeights } from './ports/owner-weights.js';
import type { QueueInspector } from './ports/queue-inspector.js';
import { NO_ARCHIVE, type RecordArchive } from './ports/record-archive.js';
import type { RedisHealth } from './ports/redis-health.js';
import type { ReportQueue } from './ports/report-queue.js';
import type { SecondOpinions } from './ports/second-opinions.js';
import type { SecretVault } from './ports/secret-vault.js';
import type { ShadowRuns } from './ports/shadow-runs.js';
import type { SharedClock } from './ports/shared-clock.js';
import type { SingleJobs } from './ports/single-jobs.js';
import type { StoreRegister } from './ports/store-register.js';
import type { SubmissionClaims } from './ports/submission-claims.js';
import type { TargetCircuits } from './ports/target-circuits.js';
import type { TargetPlaces } from './ports/target-places.js';
import type { WebhookDeliveries } from './ports/webhook-deliveries.js';
import type { WebhookQueue } from './ports/webhook-queue.js';
import type { QueueSettings } from './queue-settings.js';
import { recordLookup } from './records/record-lookup.js';
import { redisAnnouncements } from './records/redis-announcements.js';
import { redisArrivals } from './records/redis-arrivals.js';
import { openBatchChanges } from './records/redis-batch-changes.js';
import { redisBatchRecords } from './records/redis-batch-records.js';
import { redisCallCounts } from './records/redis-call-counts.js';
import { redisCustodyLogs } from './records/redis-custody-logs.js';
import { redisDeletionPace } from './records/redis-deletion-pace.js';
import { redisEndedJobs } from './records/redis-ended-jobs.js';
import { redisJobCensus } from './records/redis-job-census.js';
import { openJobChanges } from './records/redis-job-changes.js';
import { redisJobLists } from './records/redis-job-lists.js';
import { redisJobRecords } from './records/redis-job-records.js';
import { redisLostBatches } from './records/redis-lost-batches.js';
import { redisLostJobs } from './records/redis-lost-jobs.js';
import { redisSecondOpinions } from './records/redis-second-opinions.js';
import { redisSecretVault } from './records/redis-secret-vault.js';
import { redisShadowRuns } from './records/redis-shadow-runs.js';
import { redisSingleJobs } from './records/redis-single-jobs.js';
import { redisSubmissionClaims } from './records/redis-submission-claims.js';
import { redisTargetCircuits } from './records/redis-target-circuits.js';
import { redisTargetPlaces } from './records/redis-target-places.js';
import { redisWebhookDeliveries } from './records/redis-webhook-deliveries.js';
import type { SecretKey } from './records/secret-keys.js';
import { complaintsTo } from './redis/complaints.js';
import { openRedis, type RedisClient, warnOfForgetfulRedis } from './redis/connection.js';
import { reachRedis } from './redis/reach-redis.js';
import { RedisClock } from './redis/redis-clock.js';
import { redisHealth } from './redis/redis-health.js';
import { redisLeases } from './redis/redis-leases.js';
import { redisStoreRegister } from './redis/redis-store-register.js';
import { parseRedisUrl, type RedisAddress } from './redis/redis-url.js';

export interface QueueConnection {
  readonly records: JobRecords;
  readonly lists: JobLists;
  readonly opinions: SecondOpinions;
  readonly shadows: ShadowRuns;
  readonly batches: BatchRecords;
  readonly singles: SingleJobs;
  readonly arrivals: Arrivals;
  readonly endedJobs: EndedJobs;
  readonly custodyLogs: CustodyLogs;
  readonly lostJobs: LostJobs;
  readonly lostBatches: LostBatches;
  readonly census: JobCensus;
  readonly storeRegister: StoreRegister;
  readonly claims: SubmissionClaims;
  readonly announcements: Announcements;
  readonly leases: Leases;
  readonly clock: SharedClock;
  readonly deletionPace: DeletionPace;
  readonly targetPlaces: TargetPlaces;
  readonly callCounts: CallCounts;
  readonly vault: SecretVault;
  readonly deliveries: WebhookDeliveries;
  readonly circuits: TargetCircuits;
  /** Of whoever sends: the CPU worker. */
  readonly webhooks: WebhookQueue;
  /** Of who asks for PDFs, the API, and who makes them, CPU workers. */
  readonly reports: ReportQueue;
  readonly redisHealth: RedisHealth;
  readonly queue: JobQueue;
  readonly weights: OwnerWeights;
  readonly inspector: QueueInspector;
  /** Call it once in a process: it opens the subscriber connection. */
  openChanges(): Promise<JobChanges>;
  /** Call it once in a process, too. */
  openBatchChanges(): Promise<BatchChanges>;
  /** Closes every connection opened here. Close stage workers before, by their own `close`. */
  close(): Promise<void>;
}

/** How long a caller who does not wait for ever waits for a Redis that starts at the same time. */
const START_WAIT_MS = 15_000;

interface Options {
  readonly logger: Logger;
  readonly archive?: RecordArchive;
  readonly secretKeys?: readonly SecretKey[];
  readonly lockDurationMs?: number;
  /** Tries `reach` until it succeeds; a process that serves waits for ever. Each try takes a second or two. */
  readonly untilReached?: (reach: () => Promise<unknown>) => Promise<unknown>;
}

/**
 * Connects to Redis and opens what the product keeps there. `archive` holds the records of jobs that ended a while ago;
 * without it they are unknown. `secretKeys` seal and open; without any the vault does neither. `lockDurationMs` overrides the setting, for tests that wait for a takeover.
 * @throws JobError `queue_unavailable` when Redis does not answer within 15 s, unless `untilReached` waits otherwise.
 */
export async function connectQueue(
  settings: QueueSettings,
  {
    logger,
    archive = NO_ARCHIVE,
    secretKeys = [],
    lockDurationMs = settings.STYLEFLOW_LOCK_SECONDS * 1000,
    untilReached = within15s,
  }: Options,
): Promise<QueueConnection> {
  const address = parseAddress(settings);
  const complaints = complaintsTo(logger);
  const commands = goByRedisTime(openRedis(address, 'commands', complaints));
  try {
    await untilReached(() => reachRedis(commands, () => commands.ping()));
  } catch (error) {
    commands.disconnect();
    throw error;
  }
  await warnOfForgetfulRedis(commands, logger);
  const clock = new RedisClock({ time: () => reachRedis(commands, () => commands.time()) });
  const queues = openBullmqQueues(commands, complaints);
  const queue = await openBullmqJobQueue({
    client: commands,
    clock,
    address,
    logger,
    complaints,
    lockDurationMs,
    outageBudgetMs: settings.STYLEFLOW_OUTAGE_BUDGET_MINUTES * 60_000,
    queues,
    weights: settings.STYLEFLOW_OWNER_WEIGHTS,
  });
  const reports = bullmqReportQueue({ client: commands, queues, address, logger, complaints, lockDurationMs });
  const webhooks = bullmqWebhookQueue({ client: commands, address, logger, complaints, lockDurationMs });
  const subscribers: RedisClient[] = [];
  const lookup = recordLookup(commands, archive);
  return {
    records: redisJobRecords(commands, archive, lookup, { maxUnfinished: settings.STYLEFLOW_MAX_QUEUED_JOBS }),
    lists: redisJobLists(commands, lookup),
    opinions: redisSecondOpinions(commands, clock),
    shadows: redisShadowRuns(commands, clock),
    batches: redisBatchRecords(commands, archive),
    singles: redisSingleJobs(commands),
    arrivals: redisArrivals(commands),
    endedJobs: redisEndedJobs(commands, archive, lookup),
    custodyLogs: redisCustodyLogs(commands, archive, lookup),
    lostJobs: redisLostJobs(commands, archive, lookup),
    lostBatches: redisLostBatches(commands, archive),
    census: redisJobCensus(commands),
    storeRegister: redisStoreRegister(commands),
    claims: redisSubmissionClaims(commands),
    announcements: redisAnnouncements(commands),
    leases: redisLeases(commands, logger),
    clock,
    deletionPace: redisDeletionPace(commands),
    targetPlaces: redisTargetPlaces(commands, logger),
    callCounts: redisCallCounts(commands),
    vault: redisSecretVault(commands, secretKeys),
    deliveries: redisWebhookDeliveries(commands),
    circuits: redisTargetCircuits(commands),
    webhooks,
    reports,
    redisHealth: redisHealth(commands),
    queue,
    weights: settings.STYLEFLOW_OWNER_WEIGHTS,
    inspector: bullmqQueueInspector(commands, queues, clock),
    openChanges() {
      const subscriber = openRedis(address, 'subscriber', complaints);
      subscribers.push(subscriber);
      return openJobChanges(subscriber, commands, logger);
    },
    openBatchChanges() {
      const subscriber = openRedis(address, 'subscriber', complaints);
      subscribers.push(subscriber);
      return openBatchChanges(subscriber);
    },
    async close() {
      await webhooks.close();
      await queue.close();
      await queues.close();
      for (const client of [...subscribers, commands]) client.disconnect();
    },
  };
}

function parseAddress(settings: QueueSettings): RedisAddress {
  const address = parseRedisUrl(settings.STYLEFLOW_REDIS_URL);
  if (address === null) throw new TypeError('STYLEFLOW_REDIS_URL is no address of Redis');
  const sentinelPassword = settings.STYLEFLOW_REDIS_SENTINEL_PASSWORD;
  return address.kind === 'sentinel' && sentinelPassword !== undefined ? { ...address, sentinelPassword } : address;
}

async function within15s(reach: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + START_WAIT_MS;
  for (;;) {
    try {
      await reach();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}
