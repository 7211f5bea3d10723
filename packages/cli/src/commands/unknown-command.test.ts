import { Command } from 'commander';
import { expect, it } from 'vitest';
import { refuseUnknownCommand } from './unknown-command.js';

function program(): Command {
  const made = new Command('styleflow').exitOverride().configureOutput({ outputError: () => undefined });
  made.command('submit').argument('<video...>');
  const models = made
    .command('models')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  models.command('list');
  models.command('verify').argument('<dir>');
  return made;
}

it.each([
  [['batch', '--help'], /unknown command 'batch'; there are submit, models/],
  [['submt', 'a.mp4'], /did you mean submit\?/],
  [['help', 'batch'], /unknown command 'batch'/],
  [['models', 'lst', '--help'], /unknown command 'lst'; did you mean list\?/],
])('%j is refused, with what there is', (args, expected) => {
  expect(() => refuseUnknownCommand(program(), args)).toThrow(expected);
});

it.each([
  [['submit', 'batch', '--help']],
  [['models', 'verify', 'lst']],
  [['models', 'help', 'list']],
  [['models', '--help']],
  [['--help']],
  [[]],
])('%j is left to the command', (args: string[]) => {
  expect(() => refuseUnknownCommand(program(), args)).not.toThrow();
});
