/** A file that something was made from, and what it served as there. */
export interface SourceFile {
  readonly file: string;
  readonly sha256: string;
  readonly role: string;
}

/** What something was made as and made from: equal origins give the same thing, from whatever version of this code. */
export interface Origin {
  /** Its name, precision or kind, by what they are called. */
  readonly traits: Readonly<Record<string, string>>;
  readonly sources: readonly SourceFile[];
}

/**
 * How `next` differs from what stands, in words; null when it does not, as far as `next` is known. Files are told by their
 * digests: they may have moved.
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
