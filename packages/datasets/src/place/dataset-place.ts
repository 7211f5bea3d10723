import type { ObjectStore } from '@styleflow/storage';

/** Where a data set lies: a plain folder, whose files trainers open as they are, or a prefix of a bucket. Files are whole or absent. */
export type DatasetPlace = Pick<ObjectStore, 'address' | 'get' | 'put' | 'putStream' | 'getStream' | 'delete'>;
