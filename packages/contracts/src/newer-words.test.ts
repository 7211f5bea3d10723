import { describe, expect, it } from 'vitest';
import { JobError, parseJobError, printJobError } from './errors.js';
import { ProblemSchema, SystemAnswerSchema, WorkerFactsSchema } from './http.js';
import { ProblemFactsSchema, StageSchema } from './job.js';
import { EntryInsideSchema } from './queue-entries.js';
import { VerdictSchema } from './verdict.js';

const worker = {
  id: 'w1',
  kind: 'cpu-worker',
  version: '2',
  host: 'h',
  pid: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  health: 'ready',
};

describe('a process of the version before reads', () => {
  it('a new error code as internal, with the sentence that came with it', () => {
    const facts = { code: 'audio_missing', message: 'The video has no sound.' };
    expect(ProblemFactsSchema.parse(facts)).toEqual({ ...facts, code: 'internal' });
    const problem = { type: 'about:blank', title: 'No', status: 422, detail: 'No sound.', code: 'audio_missing' };
    expect(ProblemSchema.parse(problem)).toEqual({ ...problem, code: 'internal' });
    const failure = { at: null, worker: null, ...facts };
    expect(EntryInsideSchema.shape.failures.parse([failure])).toEqual([{ ...failure, code: 'internal' }]);
  });

  it('but refuses a code that is no text, and one that is missing', () => {
    expect(ProblemFactsSchema.safeParse({ code: 7, message: 'x' }).success).toBe(false);
    expect(ProblemFactsSchema.safeParse({ message: 'x' }).success).toBe(false);
  });

  it('the failed reason of an entry with a new code as its sentence, retried or not as it was', () => {
    expect(parseJobError('audio_missing!: The video has no sound.')).toMatchObject({
      code: 'internal',
      message: 'The video has no sound.',
      retryable: false,
    });
    expect(parseJobError('disk_slow: Later: maybe.')).toMatchObject({ message: 'Later: maybe.', retryable: true });
    const known = new JobError('media_corrupt', 'It is damaged.');
    expect(parseJobError(printJobError(known))).toMatchObject({ code: 'media_corrupt', message: 'It is damaged.' });
  });

  it('a new stage as none', () => {
    expect(StageSchema.parse('audit')).toBeNull();
    expect(StageSchema.parse('score')).toBe('score');
    expect(StageSchema.safeParse(3).success).toBe(false);
  });

  it('a new reason of a verdict as none, beside the label that it knows', () => {
    const verdict = { label: 'inconclusive', score: 0.4, threshold: 0.5 };
    expect(VerdictSchema.parse({ ...verdict, reason: 'too_dark' })).toEqual({ ...verdict, reason: undefined });
    expect(VerdictSchema.parse(verdict)).toEqual(verdict);
    expect(VerdictSchema.parse({ ...verdict, reason: 'no_face' }).reason).toBe('no_face');
  });

  it('a worker with a new stage by the slots of the stages that it knows', () => {
    const slot = { busy: 1, total: 2 };
    const facts = { ...worker, slots: { prepare: slot, audit: { busy: 'many' } } };
    expect(WorkerFactsSchema.parse(facts).slots).toEqual({ prepare: slot });
    expect(WorkerFactsSchema.parse(worker).slots).toBeUndefined();
  });

  it('a worker in a new health as one that takes nothing yet', () => {
    expect(WorkerFactsSchema.parse({ ...worker, health: 'resting' }).health).toBe('starting');
  });

  it('a process of a new kind not at all, and all others beside it', () => {
    const answer = { version: '1', store: 'file', queues: [], workers: [{ ...worker, kind: 'console' }, worker] };
    expect(SystemAnswerSchema.parse(answer).workers).toEqual([worker]);
  });
});
