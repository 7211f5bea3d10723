import { describe, expect, it } from 'vitest';
import { parseEnv } from './parse-env.js';
import { tracesUrl, tracingSettings } from './tracing-settings.js';

const url = (env: Record<string, string>): string | undefined => tracesUrl(parseEnv(tracingSettings, env));

describe('the settings of tracing', () => {
  it('append the path of traces to the common endpoint, and take the one for traces as it is', () => {
    expect(url({})).toBeUndefined();
    expect(url({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' })).toBe('http://collector:4318/v1/traces');
    expect(url({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://example.org/otlp/' })).toBe(
      'https://example.org/otlp/v1/traces',
    );
    expect(
      url({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces:4318/in',
      }),
    ).toBe('http://traces:4318/in');
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'hunter2'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=b,hunter2'],
    ['OTEL_TRACES_SAMPLER', 'hunter2'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_SDK_DISABLED', 'yes'],
    ['OTEL_BSP_SCHEDULE_DELAY', '-1'],
  ])('refuse a wrong %s by name, without repeating it', (name, value) => {
    const parse = () => parseEnv(tracingSettings, { [name]: value });
    expect(parse).toThrow(new RegExp(`${name}: allowed: `));
    expect(parse).not.toThrow(/hunter2/);
  });
});
