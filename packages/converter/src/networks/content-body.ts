import type { RoleTensors } from '@styleflow/checkpoints';
import { add, maxPool2d, relu } from '@styleflow/onnx';
import { halve, type Layer, temporalConvolution } from './content-layers.js';
import type { NetworkScope } from './network-scope.js';

/** Bottleneck blocks of the stages 2, 3 and 4 (ResNet-50, cut after stage 4). */
const STAGES = [
  { stage: 's2', blocks: 3, halves: false },
  { stage: 's3', blocks: 4, halves: true },
  { stage: 's4', blocks: 6, halves: true },
] as const;

/**
 * Adds the weights of the stages behind the stem, whose maps have `width` channels. The body takes any whole number of
 * squares of 4 × 4 pixels, in nested order, and makes one pixel of each, with half of the time steps: nothing in it mixes
 * one square with another.
 */
export function contentBody(net: NetworkScope, width: number): Layer {
  const { graph } = net;
  const layers: Layer[] = [];
  let channels = width;
  for (const { stage, blocks, halves } of STAGES) {
    for (let block = 0; block < blocks; block++) {
      // Temporal kernels: 3 throughout stage 2; 3, 1, 3, 1, … in stages 3 and 4.
      const kernel = stage === 's2' || block % 2 === 0 ? 3 : 1;
      const form = { input: channels, kernel, projects: block === 0, halves: halves && block === 0 };
      const { apply, output } = bottleneck(net.at(`${stage}.pathway0_res${block}`), form);
      layers.push(apply);
      channels = output;
    }
    if (stage === 's2') layers.push((maps) => maxPool2d(graph, maps, { kernel: [2, 1], stride: [2, 1] }));
  }
  return (maps) => layers.reduce((value, layer) => layer(value), maps);
}

interface BlockForm {
  /** Channels that come in. */
  readonly input: number;
  readonly kernel: number;
  /** Whether the shortcut is a convolution. */
  readonly projects: boolean;
  /** Whether height and width are halved, by a max pool behind the second convolution and behind the shortcut. */
  readonly halves: boolean;
}

/** a (temporal) → b → c (both 1×1×1), added to the shortcut. `output` is the number of channels that come out. */
function bottleneck(net: NetworkScope, form: BlockForm): { readonly apply: Layer; readonly output: number } {
  const { graph } = net;
  const { input } = form;
  const branch = net.at('branch2');
  const [inner = 0] = branch.shape('a.weight', ['*', input, form.kernel, 1, 1]);
  const [output = 0] = branch.shape('c.weight', [form.projects ? '*' : input, inner, 1, 1, 1]);
  // The tensor's name shows whether a pool follows: it then makes the norm the first member of a sequence.
  const pooledNorm = form.halves ? '.0' : '';
  const a = temporalConvolution(branch, { conv: 'a', norm: 'a_bn', shape: [inner, input, form.kernel] });
  const b = temporalConvolution(branch, { conv: 'b', norm: `b_bn${pooledNorm}`, shape: [inner, inner, 1] });
  const c = temporalConvolution(branch, { conv: 'c', norm: 'c_bn', shape: [output, inner, 1] });
  const projection = { conv: 'branch1', norm: `branch1_bn${pooledNorm}`, shape: [output, input, 1] } as const;
  const project: Layer = form.projects ? temporalConvolution(net, projection) : (maps) => maps;
  const pool: Layer = (maps) => (form.halves ? halve(graph, maps) : maps);
  const apply: Layer = (maps) => {
    const narrow = b(relu(graph, a(maps)));
    const wide = c(relu(graph, pool(narrow)));
    return relu(graph, add(graph, pool(project(maps)), wide));
  };
  return { apply, output };
}

/**
 * Channels of the body's widest value, behind the first block of stage 2: the later stages double the channels only where
 * they quarter the pixels.
 */
export function widestChannels(content: RoleTensors): number {
  return content.shape('s2.pathway0_res0.branch2.c.weight', ['*', '*', 1, 1, 1])[0] ?? 0;
}
