// Loaded on demand and not imported: a process that may open too few files cannot load its modules, and has to say so.
import('./serve.js').catch((error: unknown) => {
  const isOutOfDescriptors = error instanceof Error && 'code' in error && error.code === 'EMFILE';
  if (!isOutOfDescriptors) throw error;
  process.stderr.write(
    'error: internal: This worker may not even open as many files as its program consists of: raise `ulimit -n`, to 1024 at the least.\n',
  );
  process.exit(1);
});
