import { describe, expect, it } from 'vitest';
import { privateEnvironment } from './private-environment.js';

describe('a system for one command alone', () => {
  it('takes of the environment what is the machine’s and what decides the analysis', () => {
    const own = { PATH: '/bin', AWS_REGION: 'eu-west-1', STYLEFLOW_DETECTOR: '/det', STYLEFLOW_TF32: 'true' };
    expect(privateEnvironment(own)).toEqual(own);
  });

  it('takes nothing of a system that serves others', () => {
    const foreign = {
      STYLEFLOW_API_KEYS: 'anna:user:sha256:00',
      STYLEFLOW_HOST: '0.0.0.0',
      STYLEFLOW_ADMIN_PORT: '9100',
      STYLEFLOW_PUBLIC_URL: 'https://styleflow.example.org',
      STYLEFLOW_REDIS_URL: 'redis://redis.example.org',
      STYLEFLOW_STORE: 's3://films',
      STYLEFLOW_MEDIA_RETENTION_HOURS: '-1',
      STYLEFLOW_MAX_STORED_BYTES_PER_KEY: '1',
      STYLEFLOW_NO_SUCH_SETTING: '1',
    };
    expect(privateEnvironment(foreign)).toEqual({});
  });
});
