import { JobError } from '@styleflow/contracts/errors';

/** The cause of a JobError when the device had no memory for a run. A smaller run may pass. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/**
 * The words that ONNX Runtime and the libraries below it use when memory is short: its arenas, the C++ allocator, CUDA,
 * cuBLAS and cuDNN. ONNX Runtime has no error code for it, so messages are matched, here and nowhere else. The last
 * words are cuDNN's for a tensor of more than 2^31 values, seen at 32 clips of the content network; there, too, fewer
 * clips help.
 */
const WORDS =
  /failed to allocate memory|bad_?alloc|out of memory|ALLOC_FAILED|smaller than requested bytes|NOT_SUPPORTED.*cudnnSetTensorNdDescriptor/i;

export function saysOutOfMemory(sentence: string): boolean {
  return WORDS.test(sentence);
}

export function isOutOfMemory(error: unknown): boolean {
  return error instanceof JobError && error.cause instanceof OutOfMemory;
}
