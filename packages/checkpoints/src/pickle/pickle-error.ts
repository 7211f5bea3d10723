/** The pickle goes on past the bytes given. */
export class PickleTruncated extends Error {
  override readonly name = 'PickleTruncated';
}

/** The pickle asks for something that is not plain data; the message is what it asks for ("the name os.system"). */
export class PickleRefused extends Error {
  override readonly name = 'PickleRefused';
  /** What the file seems to be instead, as a half-sentence; empty when nothing is known. */
  readonly hint: string;

  constructor(message: string, hint = '') {
    super(message);
    this.hint = hint;
  }
}

/** The pickle contradicts itself, or is too large to be one of names and shapes; the message completes "its pickle …". */
export class PickleDamaged extends Error {
  override readonly name = 'PickleDamaged';
}
