import { JobError } from '@styleflow/contracts';
import type { UploadParts } from './documented.js';

type SignedPart = UploadParts['parts'][number];

/** Asks the API for a page of addresses. */
export type SignPage = (from: number, limit: number) => Promise<UploadParts>;

/** How many addresses are asked for in one call. */
const PAGE = 100;

/** Signed addresses of parts, asked for in pages from the first that is needed on, and anew when half of their time is over. */
export class PartAddresses {
  readonly #sign: SignPage;
  readonly #known = new Map<number, { readonly address: SignedPart; readonly freshUntil: number }>();
  #asking: Promise<unknown> = Promise.resolve();

  constructor(sign: SignPage) {
    this.#sign = sign;
  }

  of(part: number): Promise<SignedPart> {
    // One after the other: whoever waits finds his part in the page of whoever was before him.
    const asked = this.#asking.then(() => this.#find(part));
    this.#asking = asked.catch(() => undefined);
    return asked;
  }

  /** It was refused: the next one is another. */
  forget(part: number): void {
    this.#known.delete(part);
  }

  async #find(part: number): Promise<SignedPart> {
    const known = this.#known.get(part);
    if (known !== undefined && known.freshUntil > Date.now()) return known.address;
    const { parts, expiresAt } = await this.#sign(part, PAGE);
    const freshUntil = Date.now() + (Date.parse(expiresAt) - Date.now()) / 2;
    for (const address of parts) this.#known.set(address.part, { address, freshUntil });
    const address = parts.find((each) => each.part === part);
    if (address === undefined) throw new JobError('internal', `The API gave no address for part ${part}.`);
    return address;
  }
}
