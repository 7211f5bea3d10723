import { JobError } from '@styleflow/contracts';
import { faultOf } from '@styleflow/threads';
import { describe, expect, it } from 'vitest';
import { isOutOfMemory, OutOfMemory } from '../session/out-of-memory.js';
import { describeInferenceError, reviveInferenceError } from './inference-fault.js';

/** The error as it arrives from a thread: its messages are structured clones. */
const throughThread = (error: unknown): JobError =>
  reviveInferenceError(structuredClone(faultOf(error, describeInferenceError)));

describe('an error of a run that crosses a thread', () => {
  it('is still known as one of memory, and no other is', () => {
    const full = new JobError('inference_failed', 'no room', { cause: new OutOfMemory('no room') });
    expect(isOutOfMemory(throughThread(full))).toBe(true);
    expect(isOutOfMemory(throughThread(new RangeError('odd')))).toBe(false);
    expect(isOutOfMemory(throughThread(new JobError('inference_failed', 'the device failed')))).toBe(false);
  });

  it('keeps its code, its words and whether to try again', () => {
    const error = throughThread(new JobError('inference_failed', 'no room', { retryable: false }));
    expect(error).toMatchObject({ name: 'JobError', code: 'inference_failed', message: 'no room', retryable: false });
  });
});
