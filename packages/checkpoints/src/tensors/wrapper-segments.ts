/**
 * What PyTorch puts into the names of a module's tensors when it is compiled, trained in parallel, sharded or
 * checkpointed: anywhere, since each part of a network may be wrapped by itself.
 */
const WRAPPERS: ReadonlySet<string> = new Set([
  '_orig_mod',
  'module',
  '_fsdp_wrapped_module',
  '_checkpoint_wrapped_module',
]);

export function isWrapper(segment: string): boolean {
  return WRAPPERS.has(segment);
}

const WRAPPER = new RegExp(`(^|\\.)(${[...WRAPPERS].join('|')})\\.`);

export function hasWrapper(name: string): boolean {
  return WRAPPER.test(name);
}

/** A tensor's name as the network's code has it. */
export function withoutWrappers(name: string): string {
  return name
    .split('.')
    .filter((segment) => !isWrapper(segment))
    .join('.');
}
