/** The widths that tell a small StyleFlow family from the full one. */
export interface FamilyWidths {
  /**
   * Channels after the content stem. Tokens are 16 times as wide, and the style embedding 16 times as wide as these.
   */
  readonly content: number;
  /**
   * Attention heads of the temporal transformer, each 64 wide. `feedForward` is the width of its feed-forward layer.
   */
  readonly heads: number;
  readonly feedForward: number;
  /** Channels of the four groups of the pSp body. */
  readonly pspGroups: readonly [number, number, number, number];
  /** Values of one style code. */
  readonly styleDim: number;
  /** Inner width of StyleGRU's residual block. */
  readonly gruDense: number;
}

/** The published sizes. */
export const FULL_WIDTHS: FamilyWidths = {
  content: 64,
  heads: 16,
  feedForward: 2048,
  pspGroups: [64, 128, 256, 512],
  styleDim: 512,
  gruDense: 4096,
};

/** An eighth of the published widths, for a family that runs in seconds. */
export const EIGHTH_WIDTHS: FamilyWidths = {
  content: 8,
  heads: 2,
  feedForward: 256,
  pspGroups: [8, 16, 32, 64],
  styleDim: 64,
  gruDense: 512,
};

type Shapes = Map<string, readonly number[]>;

function addNorm(shapes: Shapes, name: string, channels: number): void {
  for (const part of ['weight', 'bias', 'running_mean', 'running_var']) shapes.set(`${name}.${part}`, [channels]);
}

function addLinear(shapes: Shapes, name: string, out: number, input: number): void {
  shapes.set(`${name}.weight`, [out, input]);
  shapes.set(`${name}.bias`, [out]);
}

/** Names and shapes of a content checkpoint's tensors (without `resnet.`), on request with the style attention. */
export function contentShapes({ content, heads, feedForward }: FamilyWidths, styleAttention: boolean): Shapes {
  const shapes: Shapes = new Map([['s1.pathway0_stem.conv.weight', [content, 3, 5, 1, 1]]]);
  addNorm(shapes, 's1.pathway0_stem.bn.0', content);
  let input = content;
  for (const [index, blocks] of [3, 4, 6].entries()) {
    const inner = content * 2 ** index;
    for (let block = 0; block < blocks; block++) {
      const name = `s${index + 2}.pathway0_res${block}`;
      const pooled = index > 0 && block === 0 ? '.0' : '';
      if (block === 0) {
        shapes.set(`${name}.branch1.weight`, [4 * inner, input, 1, 1, 1]);
        addNorm(shapes, `${name}.branch1_bn${pooled}`, 4 * inner);
      }
      shapes.set(`${name}.branch2.a.weight`, [inner, input, index === 0 || block % 2 === 0 ? 3 : 1, 1, 1]);
      addNorm(shapes, `${name}.branch2.a_bn`, inner);
      shapes.set(`${name}.branch2.b.weight`, [inner, inner, 1, 1, 1]);
      addNorm(shapes, `${name}.branch2.b_bn${pooled}`, inner);
      shapes.set(`${name}.branch2.c.weight`, [4 * inner, inner, 1, 1, 1]);
      addNorm(shapes, `${name}.branch2.c_bn`, 4 * inner);
      input = 4 * inner;
    }
  }
  addTransformer(shapes, input, heads, feedForward);
  if (styleAttention)
    for (const layer of ['w_q', 'w_k', 'w_v', 'lp']) addLinear(shapes, `head.STA.${layer}`, input, input);
  return shapes;
}

function addTransformer(shapes: Shapes, width: number, heads: number, feedForward: number): void {
  const root = 'head.time_T';
  shapes.set(`${root}.pos_embedding`, [1, 17, width]);
  shapes.set(`${root}.cls_token`, [1, 1, width]);
  const layer = `${root}.transformer.layers.0`;
  for (const norm of [`${layer}.0.fn.norm`, `${layer}.1.fn.norm`, `${root}.mlp_head.0`]) {
    shapes.set(`${norm}.weight`, [width]);
    shapes.set(`${norm}.bias`, [width]);
  }
  shapes.set(`${layer}.0.fn.fn.to_qkv.weight`, [3 * 64 * heads, width]);
  addLinear(shapes, `${layer}.0.fn.fn.to_out.0`, width, 64 * heads);
  addLinear(shapes, `${layer}.1.fn.fn.net.0`, feedForward, width);
  addLinear(shapes, `${layer}.1.fn.fn.net.3`, width, feedForward);
  addLinear(shapes, `${root}.mlp_head.1`, 1, width);
}

/** Names and shapes of a StyleGRU checkpoint's tensors. */
export function styleGruShapes({ content, styleDim, gruDense }: FamilyWidths): Shapes {
  const hidden = 64 * content;
  const shapes: Shapes = new Map([['hidden_state', [4, 1, hidden]]]);
  for (const layer of [0, 1])
    for (const direction of ['', '_reverse']) {
      const suffix = `l${layer}${direction}`;
      shapes.set(`gru.weight_ih_${suffix}`, [3 * hidden, layer === 0 ? 18 * styleDim : 2 * hidden]);
      shapes.set(`gru.weight_hh_${suffix}`, [3 * hidden, hidden]);
      shapes.set(`gru.bias_ih_${suffix}`, [3 * hidden]);
      shapes.set(`gru.bias_hh_${suffix}`, [3 * hidden]);
    }
  addLinear(shapes, 'dense.1.fn.net.0', gruDense, 4 * hidden);
  addLinear(shapes, 'dense.1.fn.net.3', 4 * hidden, gruDense);
  addLinear(shapes, 'dense.3', 1, 4 * hidden);
  addNorm(shapes, 'bn', 31);
  return shapes;
}

/** Names and shapes of a pSp encoder's tensors (without `encoder.`). */
export function pspShapes({ pspGroups, styleDim }: FamilyWidths): Shapes {
  const shapes: Shapes = new Map([['input_layer.0.weight', [pspGroups[0], 3, 3, 3]]]);
  addNorm(shapes, 'input_layer.1', pspGroups[0]);
  shapes.set('input_layer.2.weight', [pspGroups[0]]);
  let input: number = pspGroups[0];
  let unit = 0;
  for (const [group, units] of [3, 4, 14, 3].entries())
    for (let index = 0; index < units; index++, unit++) {
      const output = pspGroups[group] ?? input;
      const name = `body.${unit}`;
      if (input !== output) {
        shapes.set(`${name}.shortcut_layer.0.weight`, [output, input, 1, 1]);
        addNorm(shapes, `${name}.shortcut_layer.1`, output);
      }
      addNorm(shapes, `${name}.res_layer.0`, input);
      shapes.set(`${name}.res_layer.1.weight`, [output, input, 3, 3]);
      shapes.set(`${name}.res_layer.2.weight`, [output]);
      shapes.set(`${name}.res_layer.3.weight`, [output, output, 3, 3]);
      addNorm(shapes, `${name}.res_layer.4`, output);
      const squeezed = Math.max(1, Math.floor(output / 16));
      shapes.set(`${name}.res_layer.5.fc1.weight`, [squeezed, output, 1, 1]);
      shapes.set(`${name}.res_layer.5.fc2.weight`, [output, squeezed, 1, 1]);
      input = output;
    }
  for (let style = 0; style < 18; style++) {
    const convolutions = style < 3 ? 4 : style < 7 ? 5 : 6;
    for (let index = 0; index < convolutions; index++) {
      shapes.set(`styles.${style}.convs.${2 * index}.weight`, [styleDim, index === 0 ? input : styleDim, 3, 3]);
      shapes.set(`styles.${style}.convs.${2 * index}.bias`, [styleDim]);
    }
    addLinear(shapes, `styles.${style}.linear`, styleDim, styleDim);
  }
  for (const [name, from] of [
    ['latlayer1', pspGroups[2]],
    ['latlayer2', pspGroups[1]],
  ] as const) {
    shapes.set(`${name}.weight`, [input, from, 1, 1]);
    shapes.set(`${name}.bias`, [input]);
  }
  return shapes;
}
