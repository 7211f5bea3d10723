import { describe, expect, it } from 'vitest';
import { styleflowProgram } from './program.js';

describe('the command', () => {
  it('that is named is there without the others, and the same as among them', async () => {
    const whole = await styleflowProgram();
    for (const command of whole.commands) {
      const alone = await styleflowProgram([command.name(), '--help']);
      const found = alone.commands.find((each) => each.name() === command.name());
      expect(found?.helpInformation(), command.name()).toBe(command.helpInformation());
      expect(alone.commands.length).toBeLessThan(6);
    }
    expect(whole.commands.length).toBeGreaterThan(20);
  });

  it.each([[], ['--help'], ['help', 'submit'], ['sumbit']].map((args) => [args]))(
    'is whole for %j, where help or an error may need every name',
    async (args) => {
      const names = (await styleflowProgram(args)).commands.map((command) => command.name());
      expect(names).toEqual((await styleflowProgram()).commands.map((command) => command.name()));
    },
  );
});
