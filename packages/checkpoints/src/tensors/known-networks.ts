import { hasWrapper, isWrapper } from './wrapper-segments.js';

/** Networks that StyleFlow can use. */
export type KnownRole = 'content' | 'style-gru' | 'psp' | 'retinaface';

/** The path of the style attention in a content checkpoint that has one. */
export const STYLE_ATTENTION_PATH = 'head.STA';
/** The beginning of the names of its tensors. */
export const STYLE_ATTENTION_PREFIX = `${STYLE_ATTENTION_PATH}.`;

/** Names of weights averaged over the training, which are a second version of the same network. */
export const AVERAGED = /(^|[._-])(ema|swa|shadow|averaged?)([._-]|$)/i;

interface Network {
  /**
   * Names of tensors that only this network has. All but one must be there: if one is missing, the message can name it.
   */
  readonly marks: readonly string[];
}

const ROLES: Readonly<Record<KnownRole, Network>> = {
  content: {
    marks: [
      's1.pathway0_stem.conv.weight',
      's2.pathway0_res0.branch2.a.weight',
      's4.pathway0_res5.branch2.c.weight',
      'head.time_T.cls_token',
    ],
  },
  'style-gru': { marks: ['hidden_state', 'gru.weight_ih_l0', 'gru.weight_hh_l1_reverse', 'dense.3.weight'] },
  psp: { marks: ['input_layer.0.weight', 'body.23.res_layer.1.weight', 'styles.0.linear.weight', 'latlayer1.weight'] },
  retinaface: {
    marks: ['body.stage1.0.0.weight', 'ssh1.conv3X3.0.weight', 'ssh3.conv7x7_3.0.weight', 'BboxHead.0.conv1x1.weight'],
  },
};

/** Other networks that users may take for one of these, and what they are. */
const OTHERS: ReadonlyMap<string, Network> = new Map([
  [
    'an IR-SE face recognition network (ArcFace), which pSp is trained with',
    { marks: ['input_layer.0.weight', 'body.23.res_layer.1.weight', 'output_layer.0.weight', 'output_layer.3.weight'] },
  ],
  [
    'the 68-point landmark network (MobileNet_GDConv), which StyleFlow does not need',
    { marks: ['linear7.conv.weight', 'linear7.bn.weight', 'linear1.conv.weight', 'linear1.bn.weight'] },
  ],
  [
    'a style attention alone (SMA or STA), which no bundle can use without its content network',
    { marks: ['w_q.weight', 'w_k.weight', 'w_v.weight', 'w_concat.weight'] },
  ],
  ['a StyleGAN2 generator', { marks: ['style.1.weight', 'input.input', 'conv1.conv.weight', 'to_rgb1.conv.weight'] }],
]);

/** A network found among tensors. */
export interface FoundNetwork {
  readonly role: KnownRole;
  /**
   * The text before the network's own names (`module.model.`, `encoder.`, `resnet.`), once for each copy of the
   * network.
   */
  readonly prefixes: readonly [string, ...string[]];
}

/** The network that the names of tensors fit; undefined when they fit none that StyleFlow can use. */
export function recogniseNetwork(names: readonly string[]): FoundNetwork | undefined {
  for (const [role, { marks }] of Object.entries(ROLES) as [KnownRole, Network][]) {
    const [first, ...more] = prefixesOf(names, marks);
    if (first !== undefined) return { role, prefixes: [first, ...more] };
  }
  return undefined;
}

/** What tensors seem to be that fit no role. */
export function describeOther(names: readonly string[]): string | undefined {
  for (const [what, { marks }] of OTHERS) if (prefixesOf(names, marks).length > 0) return what;
  return undefined;
}

/** A tensor that every file for the role has and that is not among these names; undefined when all are there. */
export function missingMark(role: KnownRole, names: readonly string[]): string | undefined {
  return ROLES[role].marks.find((mark) => names.every((name) => prefixBefore(mark, name) === undefined));
}

/** Every prefix under which all marks but at most one exist, the fullest first. */
function prefixesOf(names: readonly string[], marks: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const prefix = marks.map((mark) => prefixBefore(mark, name)).find((found) => found !== undefined);
    if (prefix !== undefined) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const full = [...counts].filter(([, count]) => count >= marks.length - 1);
  return full.sort(([, a], [, b]) => b - a).map(([prefix]) => prefix);
}

/** The text before a network's own name of a tensor, which may have wrappers in it; undefined for another tensor. */
function prefixBefore(own: string, name: string): string | undefined {
  if (name === own || name.endsWith(`.${own}`)) return name.slice(0, name.length - own.length);
  if (!hasWrapper(name)) return undefined;
  const segments = name.split('.');
  for (const wanted of own.split('.').reverse()) {
    while (segments.length > 0 && segments.at(-1) !== wanted && isWrapper(segments.at(-1) ?? '')) segments.pop();
    if (segments.pop() !== wanted) return undefined;
  }
  return segments.map((segment) => `${segment}.`).join('');
}
