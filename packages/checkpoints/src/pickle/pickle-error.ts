/** The pickle continues after the bytes given. */
export class PickleTruncated extends Error {
  override readonly name = 'PickleTruncated';
}

/** The pickle asks for something that is not plain data. The message names it ("the name os.system"). */
export class PickleRefused extends Error {
  override readonly name = 'PickleRefused';
  /** What the file seems to be, as a half-sentence; empty when nothing is known. */
  readonly hint: string;

  constructor(message: string, hint = '') {
    super(message);
    this.hint = hint;
  }
}

/** The pickle contradicts itself, or is too large for one of names and shapes. The message completes "its pickle …". */
export class PickleDamaged extends Error {
  override readonly name = 'PickleDamaged';
}
