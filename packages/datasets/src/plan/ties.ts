import { identitiesOf, type LabelledVideo } from './plan-video.js';

/** What ties a video to others: all videos with one tie must lie in one split. */
export interface Tie {
  readonly kind: 'identity' | 'group' | 'file' | 'video';
  readonly name: string;
}

/** The ties of each of these videos. Without an identity and a group a video stands alone. */
export function tiesAmong(videos: readonly LabelledVideo[]): (video: LabelledVideo) => Tie[] {
  const nameless = new Set(
    videos.filter(({ identity }) => identitiesOf(identity).length === 0).map(({ group }) => group),
  );
  return ({ id, identity, group, sha256 }) => {
    const people = identitiesOf(identity).map((name): Tie => ({ kind: 'identity', name }));
    // Who is in it decides. A group may be anything (a shelf, a source) and would tie people together that never met. But where
    // somebody in the group has no name, the group alone tells that a fake and its recording show the same face.
    const recording = group !== null && nameless.has(group) ? [{ kind: 'group', name: group } as const] : [];
    const file = sha256 === null ? [] : [{ kind: 'file', name: sha256 } as const];
    const ties = [...people, ...recording];
    return [...(ties.length > 0 ? ties : [{ kind: 'video', name: id } as const]), ...file];
  };
}

export function tieKey({ kind, name }: Tie): string {
  return `${kind}\u0000${name}`;
}

/** Videos that hang together by ties, directly or by way of others; each list in the order given. */
export function tiedTogether(videos: readonly LabelledVideo[]): LabelledVideo[][] {
  const tiesOf = tiesAmong(videos);
  const above = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = above.get(root); next !== undefined && next !== root; next = above.get(root)) root = next;
    // Shortens the way for the next one.
    for (let at = key; at !== root; ) {
      const next = above.get(at) ?? root;
      above.set(at, root);
      at = next;
    }
    return root;
  };
  for (const video of videos) {
    const [first = '', ...others] = tiesOf(video).map(tieKey);
    if (!above.has(first)) above.set(first, first);
    for (const other of others) above.set(rootOf(other), rootOf(first));
  }
  const groups = new Map<string, LabelledVideo[]>();
  for (const video of videos) {
    const root = rootOf(tiesOf(video).map(tieKey)[0] ?? '');
    const group = groups.get(root) ?? [];
    group.push(video);
    groups.set(root, group);
  }
  return [...groups.values()];
}
