import { JobError } from '@styleflow/contracts';

/** Cause of a JobError: the device had no room for this run; a smaller one may well pass. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/**
 * What ONNX Runtime and the libraries under it say when memory is short: its arenas, the C++ allocator, CUDA, cuBLAS and
 * cuDNN. It has no error code for it, so its words are read, here and nowhere else. The last are those of cuDNN for a
 * tensor of more than 2^31 values, which fewer clips avoid as well (seen at 32 clips of the content network).
 */
const WORDS =
  /failed to allocate memory|bad_?alloc|out of memory|ALLOC_FAILED|smaller than requested bytes|NOT_SUPPORTED.*cudnnSetTensorNdDescriptor/i;

export function saysOutOfMemory(sentence: string): boolean {
  return WORDS.test(sentence);
}

export function isOutOfMemory(error: unknown): boolean {
  return error instanceof JobError && error.cause instanceof OutOfMemory;
}
