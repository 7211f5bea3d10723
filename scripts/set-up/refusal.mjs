/** Something the user has to do first. Its message is the whole output; no stack. */
export class Refusal extends Error {
  /** The command line's exit code for refused arguments or surroundings. */
  exitCode = 2;
}

/** A step of the set-up failed. Its own output has been shown. */
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
