import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphBytes, type ProviderGraph, type ServableBundle } from '@styleflow/bundles';
import { openSettingFolder } from '@styleflow/files';
import { type ExecutionProvider, machineFacts } from '@styleflow/inference';
import { GraphCache, MOST_CACHE_BYTES } from './graph-cache.js';

interface Wanted {
  /** STYLEFLOW_GRAPH_CACHE. By default a folder of this user alone in the system's temporary folder. */
  readonly folder: string | undefined;
  readonly bundle: ServableBundle;
  readonly graph: ProviderGraph;
  readonly providers: readonly ExecutionProvider[];
}

/**
 * Opens the place where this worker keeps the graph as the runtime has rewritten it for this processor.
 * @returns null where nothing is kept: beside a card, whose provider makes its own form; for a graph larger than all that
 * may be kept; where the temporary folder cannot be used or trusted
 * @throws JobError `invalid_request` where the folder that the setting names cannot be written
 */
export async function openGraphCache({ folder, bundle, graph, providers }: Wanted): Promise<GraphCache | null> {
  if (providers.join() !== 'cpu' || (await graphBytes(bundle)) > MOST_CACHE_BYTES) return null;
  if (folder !== undefined) await openSettingFolder('STYLEFLOW_GRAPH_CACHE', folder);
  const place = folder ?? (await openOwnFolder());
  if (place === null) return null;
  return new GraphCache(place, {
    bundle: bundle.digest,
    graph: graph.file,
    provider: providers.join(),
    ...(await machineFacts()),
  });
}

/**
 * Everybody may write to the temporary folder, and what lies in the cache decides verdicts: a folder that another user made,
 * or may write to, is left alone.
 */
async function openOwnFolder(): Promise<string | null> {
  // By number: a container's user may have no name. Windows has neither, and temporary folders by user.
  const uid = process.getuid?.();
  const folder = join(tmpdir(), `styleflow-graphs-${uid ?? 'own'}`);
  try {
    await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
    const found = await lstat(folder);
    const isOwn = uid === undefined || (found.uid === uid && (found.mode & 0o022) === 0);
    return found.isDirectory() && isOwn ? folder : null;
  } catch {
    return null;
  }
}
