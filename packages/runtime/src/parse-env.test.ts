import { describe, expect, it } from 'vitest';
import { booleanSetting, integerSetting, listSetting, parseEnv, portsSetting, SettingsError } from './parse-env.js';

const shape = {
  A_FLAG: booleanSetting(false),
  A_COUNT: integerSetting({ min: 1, max: 10, fallback: 3 }),
  SOME_WORDS: listSetting(['cpu']),
};

describe('parseEnv', () => {
  it('gives defaults for what is absent or empty', () => {
    expect(parseEnv(shape, { A_FLAG: '', OTHER: 'x' })).toEqual({ A_FLAG: false, A_COUNT: 3, SOME_WORDS: ['cpu'] });
  });

  it('reads booleans, numbers and lists', () => {
    expect(parseEnv(shape, { A_FLAG: 'true', A_COUNT: '10', SOME_WORDS: ' cuda , cpu,' })).toEqual({
      A_FLAG: true,
      A_COUNT: 10,
      SOME_WORDS: ['cuda', 'cpu'],
    });
  });

  it('reads ports, and takes no number that is none', () => {
    const shape = { PORTS: portsSetting([80, 443]) };
    expect(parseEnv(shape, {})).toEqual({ PORTS: [80, 443] });
    expect(parseEnv(shape, { PORTS: ' 8080, 65535' })).toEqual({ PORTS: [8080, 65535] });
    for (const PORTS of ['0', '65536', '80;443', 'http', '8.5']) {
      expect(() => parseEnv(shape, { PORTS })).toThrow(/PORTS.*allowed: numbers from 1 to 65535/s);
    }
  });

  it('names every wrong setting and what is allowed, without repeating the value', () => {
    const parse = () => parseEnv(shape, { A_FLAG: 'hunter2', A_COUNT: '11' });
    expect(parse).toThrow(SettingsError);
    expect(parse).toThrow(/A_FLAG: allowed: true, false[\s\S]*A_COUNT: allowed: a whole number from 1 to 10/);
    expect(parse).not.toThrow(/hunter2/);
  });

  it.each(['-1', '1.5', '1e3', ' 4', '0x10'])('refuses %j as a whole number', (text) => {
    expect(() => parseEnv(shape, { A_COUNT: text })).toThrow(SettingsError);
  });
});
