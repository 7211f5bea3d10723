import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { MAIN_PATH } from './main-path.js';

describe('a command whose reader has gone', () => {
  it.each([['--help'], ['models', '--help'], ['keys', 'new', 'me'], ['models', 'list', '--json']])(
    'ends quietly: styleflow %s %s',
    async (...args) => {
      const child = spawn(process.execPath, [MAIN_PATH, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
      expect({ said, code }).toEqual({ said: '', code: 0 });
    },
  );
});
