import { loadProgram } from '@styleflow/runtime/load-program';

loadProgram(() => import('./serve.js'), new URL('../program/', import.meta.url));
