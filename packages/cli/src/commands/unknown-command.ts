import { nearestWord } from '@styleflow/runtime/for-commands';
import type { Command } from 'commander';

/**
 * Refuses a command that does not exist, also where help is asked for: commander would show the help of the level above and exit 0,
 * as if the command were there.
 * @throws CommanderError
 */
export function refuseUnknownCommand(program: Command, args: readonly string[]): void {
  let command = program;
  for (const word of args) {
    if (word.startsWith('-') || command.commands.length === 0) return;
    if (word === 'help') continue;
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (next === undefined) {
      const names = command.commands.map((each) => each.name());
      const nearest = nearestWord(word, names);
      const hint = nearest === null ? `there are ${names.join(', ')}` : `did you mean ${nearest}?`;
      command.error(`error: unknown command '${word}'; ${hint}`);
    } else command = next;
  }
}
