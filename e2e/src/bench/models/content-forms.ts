import { join } from 'node:path';
import { type CheckpointRole, openCheckpoint, tensorsOfRole } from '@styleflow/checkpoints';
import { CLIP_FRAMES } from '@styleflow/contracts';
import { type BodyParts, CONTENT_SIDE, contentNetwork, NetworkScope, NORM_EPSILON } from '@styleflow/converter';
import { weightOf } from '@styleflow/files';
import { lengthOf, OnnxGraph, type Value, writeModels } from '@styleflow/onnx';

type NodeArguments = Parameters<OnnxGraph['node']>;

/** Writes every norm as a node of its own, as in checkpoints, and does not fold it into the convolution before it. */
class UnfoldedGraph extends OnnxGraph {
  override node(...[operator, inputs, attributes, result]: NodeArguments): Value[] {
    const [x, weight, bias] = inputs;
    if (operator !== 'Conv' || !x || !weight || !bias) return super.node(operator, inputs, attributes, result);
    const convolved = super.node(operator, [x, weight], attributes, result);
    const channels = lengthOf(bias, 0);
    const statistic = (name: string, value: number): Value =>
      this.weight(`${bias.name}/${name}`, weightOf([channels], new Float32Array(channels).fill(value)));
    const statistics = [statistic('weight', 1), bias, statistic('mean', 0), statistic('variance', 1 - NORM_EPSILON)];
    return super.node(
      'BatchNormalization',
      [...convolved, ...statistics],
      { epsilon: { float: NORM_EPSILON } },
      result,
    );
  }
}

/** Keeps height and width as two axes: convolutions are three-dimensional, as in the original. */
class ThreeAxesGraph extends OnnxGraph {
  override node(...[operator, inputs, attributes, result]: NodeArguments): Value[] {
    const [x, weight, ...bias] = inputs;
    const [output] = result;
    if (operator !== 'Conv' || !x || !weight || !output) return super.node(operator, inputs, attributes, result);
    const side = Math.sqrt(Number(x.shape[3]));
    const cube = [...x.shape.slice(0, 3), side, side];
    const reshape = (value: Value, sides: readonly number[], shape: Value['shape']): Value[] =>
      super.node('Reshape', [value, this.integers([0, 0, 0, ...sides])], {}, [{ type: value.type, shape }]);
    const at = this.initializers.findIndex(({ name }) => name === weight.name);
    const initializer = this.initializers[at];
    if (!initializer) throw new RangeError(`${weight.name} is no initializer`);
    // Several convolutions may share the weight. Changing its shape again has no effect.
    this.initializers[at] = { ...initializer, shape: [...weight.shape.map(Number), 1] };
    const kernel = Number(weight.shape[2]);
    const form = {
      kernel_shape: { ints: [kernel, 1, 1] },
      strides: { ints: [1, 1, 1] },
      pads: { ints: [Math.floor(kernel / 2), 0, 0, Math.floor(kernel / 2), 0, 0] },
    };
    const [cubes] = reshape(x, [side, side], cube);
    const shape = [...output.shape.slice(0, 3), side, side];
    const [convolved] = super.node('Conv', [cubes ?? x, weight, ...bias], form, [{ type: output.type, shape }]);
    return reshape(convolved ?? x, [side * side], output.shape);
  }
}

interface Form {
  readonly Graph: typeof OnnxGraph;
  /** Into how many parts the picture is cut behind the stem. */
  readonly parts: BodyParts;
}

/**
 * Ways to write the content network. Cards run `whole`, and a CPU at the published size `parts-14`; the others are for
 * comparison.
 */
const FORMS = {
  whole: { Graph: OnnxGraph, parts: 1 },
  'parts-14': { Graph: OnnxGraph, parts: 14 },
  'parts-28': { Graph: OnnxGraph, parts: 28 },
  unfolded: { Graph: UnfoldedGraph, parts: 1 },
  'three-axes': { Graph: ThreeAxesGraph, parts: 1 },
} as const satisfies Readonly<Record<string, Form>>;

export type ContentForm = keyof typeof FORMS;

/**
 * Writes the content network of a checkpoint in each form, to compare them. All compute the same: `FORM.onnx` has the
 * input `frames` float32 [B, 3, 32, 224, 224] and the output `tokens` float32 [B, 16, C].
 * @returns the files' paths.
 * @throws JobError `invalid_request` when the checkpoint holds no content network.
 */
export async function writeContentForms(file: string, directory: string): Promise<Record<ContentForm, string>> {
  const checkpoint = await openCheckpoint(file);
  try {
    const role: CheckpointRole = 'content';
    const tensors = tensorsOfRole(checkpoint, role);
    const paths: Record<string, string> = {};
    for (const [name, { Graph, parts }] of Object.entries(FORMS)) {
      const graph = new Graph(name);
      const frames = graph.input('frames', 'float32', ['B', 3, CLIP_FRAMES, CONTENT_SIDE, CONTENT_SIDE]);
      graph.output('tokens', contentNetwork(new NetworkScope(graph, tensors), frames, parts));
      await writeModels({ [`${name}.onnx`]: graph }, directory);
      paths[name] = join(directory, `${name}.onnx`);
    }
    return paths as Record<ContentForm, string>;
  } finally {
    await checkpoint.close();
  }
}
