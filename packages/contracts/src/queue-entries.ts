import { z } from 'zod';
import { ErrorCodeSchema, JOB_STATUSES, JobIdSchema, ProblemFactsSchema, StageSchema, TimeSchema } from './job.js';

/**
 * The states of entries that an operator may ask for. `waiting`: a worker may take it now. `delayed`: it failed and
 * waits for its next attempt. `waiting-children`: a `finish` whose run is still under way. `failed`: it failed for
 * good.
 */
export const ENTRY_STATES = ['waiting', 'active', 'delayed', 'waiting-children', 'failed', 'completed'] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

/** One queue: how many entries are in each state, and which workers take from it. */
export const QueueFactsSchema = z.object({
  name: z.string(),
  paused: z.boolean().describe('An operator has stopped it: workers end what they hold and take nothing more.'),
  waiting: z.int(),
  active: z.int(),
  delayed: z.int(),
  waitingChildren: z.int(),
  failed: z.int(),
  completed: z.int().describe('Entries of jobs that have not ended yet.'),
  oldestSeconds: z.number().nullable().describe('Since the oldest waiting entry was added.'),
  bundle: z.string().optional().describe('The model bundle whose clips wait here.'),
  workers: z.int().describe('Processes that take from it and have announced themselves within a minute.'),
});
export type QueueFacts = z.infer<typeof QueueFactsSchema>;

export const QueueListSchema = z.object({ queues: z.array(QueueFactsSchema) });
export type QueueList = z.infer<typeof QueueListSchema>;

export const EntriesQuerySchema = z.strictObject({
  state: z.enum(ENTRY_STATES).default('failed'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional(),
});

/** One entry without its payload, so that an entry is shown even when its payload cannot be read. */
export const EntryFactsSchema = z.object({
  id: z.string(),
  queue: z.string(),
  state: z.enum(ENTRY_STATES),
  job: JobIdSchema.nullable().describe('Null for an entry that the product did not make; so are run, stage and clip.'),
  run: z.int().nullable(),
  stage: StageSchema,
  track: z.int().nullable(),
  clip: z.int().nullable(),
  turn: z
    .int()
    .nullable()
    .describe(
      'Its turn among those that wait, the lowest first: owners come in turn. Null for an entry without one, which runs first.',
    ),
  attempts: z.object({
    started: z.int().describe('Also counts starts that ended with their worker.'),
    failed: z.int(),
    allowed: z.int().nullable(),
  }),
  takeovers: z.int().describe('How often it was taken over from a lost worker.'),
  addedAt: TimeSchema.nullable(),
  ageSeconds: z.number().nullable(),
  startedAt: TimeSchema.nullable().describe('Its last attempt.'),
  finishedAt: TimeSchema.nullable(),
  retryAt: TimeSchema.nullable().describe('When a delayed entry may be taken again.'),
  takenBy: z.object({ host: z.string(), pid: z.int() }).nullable().describe('The worker that had it last.'),
  lockSeconds: z
    .number()
    .nullable()
    .describe(
      'Until the lock ends that its worker renews; null when nobody holds it. Active without a lock: it was lost.',
    ),
  error: ProblemFactsSchema.nullable().describe('Of the last attempt that failed.'),
});
export type EntryFacts = z.infer<typeof EntryFactsSchema>;

const LinksSchema = z.record(z.string(), z.string());

export const QueueEntrySchema = EntryFactsSchema.extend({ links: LinksSchema });
export type QueueEntry = z.infer<typeof QueueEntrySchema>;

export const EntryListSchema = z.object({ entries: z.array(QueueEntrySchema), nextCursor: z.string().nullable() });
export type EntryList = z.infer<typeof EntryListSchema>;

const EntryRefSchema = z.object({ queue: z.string(), id: z.string() });

/** One entry with its payload, which lists of entries leave out. */
export const EntryInsideSchema = EntryFactsSchema.extend({
  payload: z.unknown().describe('Keys and a version; text when it is not JSON.'),
  payloadProblem: z.string().nullable().describe('Why no worker would take this payload.'),
  failures: z
    .array(
      z.object({
        at: TimeSchema.nullable(),
        worker: z.string().nullable(),
        code: ErrorCodeSchema,
        message: z.string(),
      }),
    )
    .describe('Failed attempts, oldest first.'),
  parent: EntryRefSchema.nullable(),
  children: z
    .object({
      open: z.int(),
      completed: z.int(),
      failed: z.int(),
      entries: z
        .array(EntryRefSchema.extend({ outcome: z.enum(['open', 'completed', 'failed']) }))
        .describe('At most 100: failed ones first, then open ones.'),
    })
    .nullable(),
});
export type EntryInside = z.infer<typeof EntryInsideSchema>;

export const EntryDetailsSchema = EntryInsideSchema.extend({
  jobStatus: z.enum(JOB_STATUSES).nullable().describe('Null when the job is not there any more.'),
  links: LinksSchema.describe('`retry` is there when the job has failed: POST to it runs the whole job again.'),
});
export type EntryDetails = z.infer<typeof EntryDetailsSchema>;
