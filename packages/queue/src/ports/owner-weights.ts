/** What single owners weigh; all others weigh 1. */
export type OwnerWeights = ReadonlyMap<string, number>;

const ENTRY = /^([^=\s]+)=(\d{1,3})$/;
const MOST = 100;

/**
 * Reads `desk=3,archive=2`: names of API keys, and how many entries each gets while another owner gets one.
 * @throws RangeError with a sentence
 */
export function parseOwnerWeights(text: string): OwnerWeights {
  const weights = new Map<string, number>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, owner, digits] = ENTRY.exec(entry) ?? [];
    const weight = Number(digits);
    if (owner === undefined || !(weight >= 1 && weight <= MOST)) {
      throw new RangeError(`${entry} is not of the form name=N with N from 1 to ${MOST}`);
    }
    if (weights.has(owner)) throw new RangeError(`${owner} occurs twice`);
    weights.set(owner, weight);
  }
  return weights;
}
