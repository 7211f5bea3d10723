/** A file that something was made from, and the role it had there. */
export interface SourceFile {
  readonly file: string;
  readonly sha256: string;
  readonly role: string;
}

/**
 * What something was made as and made from. Equal origins mean the same thing, even if another version of this code
 * made it.
 */
export interface Origin {
  /** Its name, precision or kind, each under the word that messages use. */
  readonly traits: Readonly<Record<string, string>>;
  readonly sources: readonly SourceFile[];
}

/**
 * Says in words how `next` differs from what stands; null when it does not, as far as `next` is known. Files are
 * compared by digest, because they may have moved.
 */
export function differenceOf(standing: Origin, next: Partial<Origin>): string | null {
  for (const [trait, value] of Object.entries(next.traits ?? {})) {
    const there = standing.traits[trait];
    if (there !== value) return `its ${trait} is ${value}, not ${there}`;
  }
  if (next.sources === undefined) return null;
  const added = firstBeside(next.sources, standing.sources);
  const gone = firstBeside(standing.sources, next.sources);
  if (added && gone?.role === added.role) return `its ${added.role} file is ${print(added)}, not ${print(gone)}`;
  if (added) return `it has the ${added.role} file ${print(added)} too`;
  return gone ? `it has no ${gone.role} file, as ${print(gone)}` : null;
}

/** The first of `files` that is not among `others`. */
function firstBeside(files: readonly SourceFile[], others: readonly SourceFile[]): SourceFile | undefined {
  return files.find(({ role, sha256 }) => !others.some((each) => each.role === role && each.sha256 === sha256));
}

function print({ file, sha256 }: SourceFile): string {
  return `${file} (SHA-256 ${sha256.slice(0, 12)})`;
}
