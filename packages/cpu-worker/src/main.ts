import { startLauncher } from '@styleflow/media/launcher';
import { loadProgram } from '@styleflow/runtime/load-program';

// Before the program makes this process large.
startLauncher();
loadProgram(() => import('./serve.js'), new URL('../program/', import.meta.url));
