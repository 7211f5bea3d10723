import { currentSpan, NO_SPAN, startSpan } from '@styleflow/runtime';
import type { PrepareEvent, PrepareStep } from './prepare-messages.js';
import { RunUnwanted } from './watch-run.js';

export interface StepSpans {
  /** Ends the step before. */
  begin(step: PrepareStep): void;
  /** What came out, and the seconds of each step on the thread: waiting for scores is not among them. */
  tell(event: Extract<PrepareEvent, { type: 'prepared' }>): void;
}

/**
 * Spans of the steps that the prepare thread works on, as the main thread sees them: from one step's message to the next.
 * From `decode` on the steps take turns frame by frame, so that one span stands for them and tells the seconds of each.
 */
export async function inStepSpans<T>(follow: (steps: StepSpans) => Promise<T>): Promise<T> {
  const stage = currentSpan();
  let step = NO_SPAN;
  try {
    return await follow({
      begin(name) {
        step.end();
        step = startSpan(name);
      },
      tell({ tracks, clips, frames, steps }) {
        stage.set({ 'styleflow.tracks': tracks, 'styleflow.clips': clips, 'styleflow.frames': frames });
        for (const [name, seconds] of Object.entries(steps)) step.set({ [`styleflow.step.${name}_seconds`]: seconds });
      },
    });
  } catch (error) {
    // Nobody asks for the run any more: that is no failure.
    if (!(error instanceof RunUnwanted)) step.fail(error);
    throw error;
  } finally {
    step.end();
  }
}
