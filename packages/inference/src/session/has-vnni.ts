import { processorFeatures } from './machine-facts.js';

/**
 * Whether this processor adds up products of bytes without cutting them off between (AVX-VNNI or AVX512-VNNI). Where the
 * system does not tell, it counts as one that does not.
 */
export async function hasVnni(): Promise<boolean> {
  return namesVnni(await processorFeatures());
}

/** Whether the features of an x86 processor, as Linux lists them, name VNNI. */
export function namesVnni(features: string): boolean {
  return /\bavx(512)?_vnni\b/.test(features);
}
