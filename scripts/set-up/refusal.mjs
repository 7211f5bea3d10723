/** Something the user has to do first. Its message is the whole output; no stack. */
export class Refusal extends Error {
  /** As the command-line tool's: the arguments or the surroundings were refused. */
  exitCode = 2;
}

/** A step of the set-up went wrong after it was rightly begun; its own output has been shown. */
export class StepFailed extends Error {
  exitCode = 1;
}

/**
 * Tells the user what is being done, on stderr: stdout belongs to the command (`--json`).
 * @param {string} sentence
 */
export function say(sentence) {
  process.stderr.write(`styleflow: ${sentence}\n`);
}
