import { type Attributes, type Context, type Link, type SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { TracingSettings } from './tracing-settings.js';

/** Makes the sampler that the settings name, and adds a rule for spans that are linked to other traces. */
export function openSampler({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }: TracingSettings): Sampler {
  const ratio = () => new TraceIdRatioBasedSampler(OTEL_TRACES_SAMPLER_ARG);
  switch (OTEL_TRACES_SAMPLER) {
    case 'always_on':
      return followLinks(new AlwaysOnSampler());
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return followLinks(ratio());
    case 'parentbased_always_on':
      return followLinks(new ParentBasedSampler({ root: new AlwaysOnSampler() }));
    case 'parentbased_always_off':
      return followLinks(new ParentBasedSampler({ root: new AlwaysOffSampler() }));
    case 'parentbased_traceidratio':
      return followLinks(new ParentBasedSampler({ root: ratio() }));
  }
}

/**
 * A span without a parent, but with links (a tensor batch), is exported exactly when one of the linked spans is.
 * Sampled by a ratio of its own, the batch of a clip could be missing although the clip's trace is kept.
 */
function followLinks(sampler: Sampler): Sampler {
  return {
    shouldSample(
      context: Context,
      traceId: string,
      name: string,
      kind: SpanKind,
      attributes: Attributes,
      links: Link[],
    ): SamplingResult {
      if (links.length === 0 || trace.getSpan(context) !== undefined)
        return sampler.shouldSample(context, traceId, name, kind, attributes, links);
      const isSampled = links.some((link) => (link.context.traceFlags & TraceFlags.SAMPLED) !== 0);
      return { decision: isSampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
    },
    toString: () => `FollowLinks{${sampler}}`,
  };
}
