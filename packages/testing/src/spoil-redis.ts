import type { Spoil } from './faulty-link.js';

/**
 * Garbage in Redis's protocol, for `FaultyLink.corrupt`: a share of the messages that begin a piece lose their frame, as the
 * other end must notice. Values are left alone, since the protocol has no digest that could tell a changed one. A changed
 * command is refused by Redis, which then closes the connection; a changed answer is one that no client can read.
 */
export function spoilRedis(share: number, random: () => number): Spoil {
  return (piece, direction) => {
    const beginsMessage = direction === 'toServer' ? piece[0] === CODE('*') : FIRST_OF_ANSWERS.includes(piece[0] ?? 0);
    if (!beginsMessage || random() >= share) return piece;
    const spoilt = Buffer.from(piece);
    // `*x` is no length, and no answer begins with a zero byte.
    if (direction === 'toServer') spoilt[1] = CODE('x');
    else spoilt[0] = 0;
    return spoilt;
  };
}

const CODE = (character: string): number => character.charCodeAt(0);
const FIRST_OF_ANSWERS = ['*', '$', ':', '+'].map(CODE);
