import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../set-up/root.mjs';
import { readCommands } from './read-commands.mjs';
import { RULES, ruleOf } from './reader-rules.mjs';

const COMMANDS = readCommands(readFileSync(join(ROOT, 'README.md'), 'utf8'));

describe('the commands of the README', () => {
  it('are read from its blocks of shell, without comments, continued lines as one', () => {
    const page = [
      ...[
        'text `npm run no`',
        '```sh',
        '# a comment',
        'npm run demo      # what it does',
        'curl -d \'{"a": "#1"}\' \\',
        '     URL',
        '```',
      ],
      ...['```json', '{ "no": 1 }', '```', '```sh', 'second # block', '```'],
    ].join('\n');
    expect(readCommands(page)).toEqual(['npm run demo', 'curl -d \'{"a": "#1"}\' URL', 'second']);
  });

  it('are all given by `npm run readme`, and each of its rules is of use', () => {
    expect(COMMANDS.length).toBeGreaterThan(20);
    expect(COMMANDS.filter((command) => ruleOf(command) === undefined)).toEqual([]);
    const used = new Set(COMMANDS.map(ruleOf));
    expect(RULES.filter((rule) => !used.has(rule)).map(({ command }) => String(command))).toEqual([]);
  });

  it('end with the check of what they left', () => expect(COMMANDS).toContain('npm run check'));
});
