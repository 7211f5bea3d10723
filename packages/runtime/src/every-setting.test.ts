import { describe, expect, it } from 'vitest';
import { parseProcessEnv, unknownSettings } from './every-setting.js';
import { integerSetting } from './parse-env.js';

const shape = { STYLEFLOW_PORT: integerSetting({ min: 0, max: 65_535, fallback: 8000 }) };

describe('the environment of a process', () => {
  it('is refused for a wrong setting of another process, too', () => {
    const parse = () => parseProcessEnv(shape, { STYLEFLOW_MEDIA_RETENTION_HOURS: '-1', STYLEFLOW_TF32: 'yes' });
    expect(parse).toThrow(/STYLEFLOW_MEDIA_RETENTION_HOURS: allowed: a whole number from 1 to 87600/);
    expect(parse).toThrow(/STYLEFLOW_TF32: allowed: true, false/);
  });

  it('gives defaults for its own settings alone', () => {
    expect(parseProcessEnv(shape, { STYLEFLOW_MAX_FACES: '' })).toMatchObject({ STYLEFLOW_PORT: 8000 });
    expect(parseProcessEnv(shape, { HOME: '/' })).toEqual({ STYLEFLOW_PORT: 8000 });
  });

  it('has names that are no settings, which are told with the nearest that is one', () => {
    const env = {
      STYLEFLOW_MEDIA_RETENTON_HOURS: '24',
      STYLEFLOW_TF23: 'true',
      STYLEFLOW_SOMETHING_ELSE_ALTOGETHER: '1',
      STYLEFLOW_STORE: 'file:/data',
      STYLEFLOW_EMPTY: '',
      PATH: '/bin',
    };
    expect(unknownSettings(env)).toEqual([
      'STYLEFLOW_MEDIA_RETENTON_HOURS is no setting and changes nothing; did you mean STYLEFLOW_MEDIA_RETENTION_HOURS?',
      'STYLEFLOW_TF23 is no setting and changes nothing; did you mean STYLEFLOW_TF32?',
      'STYLEFLOW_SOMETHING_ELSE_ALTOGETHER is no setting and changes nothing',
    ]);
  });
});
