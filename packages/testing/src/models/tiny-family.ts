import { fileURLToPath } from 'node:url';

/**
 * A small StyleFlow family, and what the original PyTorch code computes for one clip: see fixtures/README.md. Ends in
 * `/`.
 */
export const TINY = fileURLToPath(new URL('../../fixtures/tiny/', import.meta.url));

/** A family in which no two widths are equal, and what PyTorch computes for the tiny family's clip. Ends in `/`. */
export const ODD = fileURLToPath(new URL('../../fixtures/odd/', import.meta.url));

/** The files of a bundle with style, by role. */
export const FAMILY = {
  content: `${TINY}style-content-tiny.pth`,
  'style-gru': `${TINY}style-gru-tiny.pth`,
  psp: `${TINY}psp-tiny.pt`,
};
