import { z } from 'zod';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const PAIR = /^\s*[^\s,=;]+\s*=[^,]*$/;
const pairs = z
  .string()
  .refine((text) => text.split(',').every((pair) => PAIR.test(pair)), 'allowed: name=value, comma-separated');
const endpoint = z.url({ protocol: /^https?$/, error: 'allowed: an http or https address' });
/** Default: http/json. A collector takes both at one address. */
const protocol = z.enum(['http/json', 'http/protobuf'], { error: 'allowed: http/json, http/protobuf' });
const milliseconds = (text: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, text)
    .transform(Number);

/** Those of OpenTelemetry's own variables that are read here. Without an endpoint nothing is traced. */
export const tracingSettings = {
  OTEL_SDK_DISABLED: z.enum(['true', 'false'], { error: 'allowed: true, false' }).default('false'),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], { error: 'allowed: otlp, none' }).default('otlp'),
  /** Address of the collector; `/v1/traces` is added to it. */
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.optional(),
  /** Whole address for traces, where it does not end in `/v1/traces`. */
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol.optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol.optional(),
  /** Headers that are sent with each export, such as a key. */
  OTEL_EXPORTER_OTLP_HEADERS: pairs.optional(),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: pairs.optional(),
  /** Default: `styleflow-` and the process's name. One name for all processes makes them one service. */
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_RESOURCE_ATTRIBUTES: pairs.optional(),
  /** Which traces are exported. With `parentbased_…` a caller that sends a trace decides for it. */
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS, { error: `allowed: ${SAMPLERS.join(', ')}` }).default('parentbased_always_on'),
  /** The share of traces, 0 to 1, for the samplers named `…traceidratio`. */
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'allowed: a number from 0 to 1')
    .transform(Number)
    .prefault('1'),
  /** Time between two exports of ended spans. They are also exported when 512 wait. */
  OTEL_BSP_SCHEDULE_DELAY: milliseconds('allowed: milliseconds').prefault('5000'),
};

export type TracingSettings = z.infer<z.ZodObject<typeof tracingSettings>>;

/** The address to which spans are sent; undefined when nothing is traced. */
export function tracesUrl(settings: TracingSettings): string | undefined {
  if (settings.OTEL_SDK_DISABLED === 'true' || settings.OTEL_TRACES_EXPORTER === 'none') return undefined;
  if (settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined) return settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  return base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`;
}
