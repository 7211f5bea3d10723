import { findEarlier, inheritedMetadata, inheritedOptions } from '@styleflow/batches';
import { type JobId, type JobOptions, JobOptionsSchema } from '@styleflow/contracts';
import { type NewJob, sealSource } from '@styleflow/queue';
import { refuseSource } from '@styleflow/sources';
import type { ApiPorts } from '../ports/api-ports.js';
import type { Submission } from './submission.js';

/** What of a new job follows from its source. */
export type SettledSource = Pick<NewJob, 'source' | 'secrets' | 'isSourceSealed' | 'rescoreOf' | 'metadata'> & {
  readonly options: JobOptions;
};

/**
 * The source as job `id` keeps it. An earlier job that is named gives its own, with its options and metadata beneath those that were
 * given.
 * @throws JobError `forbidden`, `invalid_request`; of an earlier job `not_found`, `conflict`, `gone`
 */
export async function settleSource(
  ports: Pick<ApiPorts, 'records' | 'store' | 'settings' | 'vault'>,
  { source, owner, options, given = {}, metadata }: Submission,
  id: JobId,
): Promise<SettledSource> {
  if (source.type !== 'job') {
    refuseSource(source, ports.settings);
    return { ...sealSource(ports.vault, id, source), options, metadata };
  }
  const earlier = await findEarlier({ ...ports, sourceRules: ports.settings }, owner, source.job, (of) =>
    JobOptionsSchema.parse({ ...inheritedOptions(of), ...given }),
  );
  const { record, rescoreOf } = earlier;
  return {
    source: record.source,
    isSourceSealed: record.isSourceSealed,
    rescoreOf,
    options: earlier.options,
    metadata: inheritedMetadata(record.metadata, metadata),
  };
}
