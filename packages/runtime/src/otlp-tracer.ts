import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type Span as ApiSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { ExportResultCode, parseKeyPairsIntoRecord, parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { codeOf } from './error-code.js';
import type { Span, SpanAttributes, SpanOptions } from './span.js';
import { openSampler } from './span-sampler.js';
import type { TracingSettings } from './tracing-settings.js';
import { VERSION } from './version.js';

/** While the collector is away, an export fails every few seconds. Only one failure in this time is reported. */
const TELL_EVERY_MS = 60_000;

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

export interface OtlpTracerOptions {
  readonly url: string;
  readonly settings: TracingSettings;
  /** The service's name unless the settings give another. */
  readonly service: string;
  /** Called with the reason when spans could not be exported, at most once a minute. */
  readonly tell: (reason: string) => void;
}

/** Makes spans and exports them by OTLP over HTTP. Up to 2048 spans wait for their export; more are dropped. */
export interface OtlpTracer {
  start(name: string, options: SpanOptions, around: Span): Span;
  /** Exports all spans that have ended. It waits for the collector without a limit. */
  close(): Promise<void>;
}

/** This file alone loads the OpenTelemetry SDK and its exporter, so it is imported only when something is traced. */
export function openOtlpTracer({ url, settings, service, tell }: OtlpTracerOptions): OtlpTracer {
  const headers = {
    ...parseKeyPairsIntoRecord(settings.OTEL_EXPORTER_OTLP_HEADERS),
    ...parseKeyPairsIntoRecord(settings.OTEL_EXPORTER_OTLP_TRACES_HEADERS),
  };
  const given = parseKeyPairsIntoRecord(settings.OTEL_RESOURCE_ATTRIBUTES);
  const resource = resourceFromAttributes({
    'service.version': VERSION,
    'service.instance.id': randomUUID(),
    'host.name': hostname(),
    'process.pid': process.pid,
    ...given,
    'service.name': settings.OTEL_SERVICE_NAME ?? given['service.name'] ?? service,
  });
  const protocol = settings.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? settings.OTEL_EXPORTER_OTLP_PROTOCOL;
  const Exporter = protocol === 'http/protobuf' ? ProtobufExporter : JsonExporter;
  const exporter = tellFailures(new Exporter({ url, headers }), tell);
  const provider = new TracerProvider({
    resource,
    sampler: openSampler(settings),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY })],
  });
  const tracer = provider.getTracer('styleflow', VERSION);
  return {
    start(name, { kind = 'internal', parent, links = [], attributes = {} }, around) {
      const from = contextOf(parent === undefined ? around.traceparent : parent);
      const context = from === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, from);
      const linked = links.map(contextOf).filter((link) => link !== null);
      return new OtlpSpan(
        tracer.startSpan(
          name,
          { kind: KINDS[kind], links: linked.map((link) => ({ context: link })), attributes: attributes },
          context,
        ),
      );
    },
    close: () => provider.shutdown(),
  };
}

class OtlpSpan implements Span {
  readonly traceparent: string;
  readonly #span: ApiSpan;

  constructor(span: ApiSpan) {
    this.#span = span;
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  event(name: string, attributes: SpanAttributes = {}): void {
    this.#span.addEvent(name, attributes);
  }

  link(traceparent: string | undefined): void {
    const context = contextOf(traceparent);
    if (context !== null) this.#span.addLink({ context });
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  fail(error: unknown): void {
    const code = codeOf(error);
    this.#span.setAttribute('error.type', code);
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  }

  end(): void {
    this.#span.end();
  }
}

function contextOf(traceparent: string | null | undefined): SpanContext | null {
  const context = typeof traceparent === 'string' ? parseTraceParent(traceparent) : null;
  return context === null ? null : { ...context, isRemote: true };
}

/** Passes on the failures of an exporter, which the SDK's span processor does not report. */
function tellFailures(exporter: SpanExporter, tell: (reason: string) => void): SpanExporter {
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS && performance.now() - toldAt > TELL_EVERY_MS) {
          toldAt = performance.now();
          tell(result.error?.message ?? 'unknown');
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
