import type { QueueConnection } from '@styleflow/queue';
import type { ObjectStore } from '@styleflow/storage';

/** What the doctor looks at. */
export interface DoctorPorts
  extends Pick<
    QueueConnection,
    | 'records'
    | 'endedJobs'
    | 'lostJobs'
    | 'census'
    | 'clock'
    | 'queue'
    | 'inspector'
    | 'batches'
    | 'lostBatches'
    | 'vault'
  > {
  readonly store: ObjectStore;
}
