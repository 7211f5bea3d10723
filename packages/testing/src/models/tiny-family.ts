import { fileURLToPath } from 'node:url';

/** One small StyleFlow family and what the original PyTorch code makes of one clip: see fixtures/README.md. Ends in `/`. */
export const TINY = fileURLToPath(new URL('../../fixtures/tiny/', import.meta.url));

/** A family in which no two widths are equal, and what PyTorch makes of the tiny family's clip. Ends in `/`. */
export const ODD = fileURLToPath(new URL('../../fixtures/odd/', import.meta.url));

/** Those that make up a bundle with style, by role. */
export const FAMILY = {
  content: `${TINY}style-content-tiny.pth`,
  'style-gru': `${TINY}style-gru-tiny.pth`,
  psp: `${TINY}psp-tiny.pt`,
};
