import { floats, type Picklable, type TorchTensor, torchZip } from '@styleflow/testing/models';
import { describe, expect, it } from 'vitest';
import { checkpointFolder } from '../formats/test-checkpoint-folder.js';
import { contentShapes, FULL_WIDTHS, pspShapes, styleGruShapes } from '../random/family-shapes.js';
import { recogniseRole, tensorsOfRole } from './checkpoint-role.js';

const { store, use, refusal } = checkpointFolder();

const CONTENT = [...contentShapes(FULL_WIDTHS, false).keys()];
const STYLE_GRU = [...styleGruShapes(FULL_WIDTHS).keys()];

/** A tensor of one value for each name: roles do not depend on shapes. */
function named(names: readonly string[], prefix = ''): Record<string, TorchTensor> {
  return Object.fromEntries(names.map((name) => [prefix + name, floats([1], [1])]));
}

/** The entries whose names begin with `start`, without that beginning. */
function part(dict: ReadonlyMap<string, Picklable>, start: string): Map<string, Picklable> {
  const own = [...dict].filter(([name]) => name.startsWith(start));
  return new Map(own.map(([name, tensor]) => [name.slice(start.length), tensor]));
}

describe('recogniseRole', () => {
  it.each(['', 'module.', 'module.model.', 'encoder.', 'module.encoder.', '_orig_mod.', 'a.b.c.'])(
    'recognises the full networks behind the prefix "%s", also when one tensor is missing',
    (prefix) => {
      const shapes = { content: CONTENT, 'style-gru': STYLE_GRU, psp: [...pspShapes(FULL_WIDTHS).keys()] };
      for (const [role, names] of Object.entries(shapes)) {
        const prefixed = names.map((name) => prefix + name);
        expect(recogniseRole(prefixed)).toEqual({ role, prefix, styleAttention: false });
        for (const missing of prefixed) {
          expect(recogniseRole(prefixed.filter((name) => name !== missing))?.role, missing).toBe(role);
        }
      }
      const attentive = [...contentShapes(FULL_WIDTHS, true).keys()].map((name) => prefix + name);
      expect(recogniseRole(attentive)).toEqual({ role: 'content', prefix, styleAttention: true });
    },
  );

  it.each(['_orig_mod', 'module', '_fsdp_wrapped_module', '_checkpoint_wrapped_module'])(
    'recognises networks whose parts are wrapped, by %s inside the names',
    (wrapper) => {
      const wrap = (name: string) =>
        name.replace(/^([^.]+)\./, `$1.${wrapper}.`).replace(/\.([^.]+)$/, `.${wrapper}.$1`);
      for (const prefix of ['', 'module.', 'net._orig_mod.']) {
        for (const [role, names] of Object.entries({ content: CONTENT, 'style-gru': STYLE_GRU })) {
          const wrapped = names.map((name) => prefix + wrap(name));
          expect(recogniseRole(wrapped)).toEqual({ role, prefix, styleAttention: false });
        }
        const attentive = [...contentShapes(FULL_WIDTHS, true).keys()].map((name) => prefix + wrap(name));
        expect(recogniseRole(attentive)).toMatchObject({ prefix, styleAttention: true });
      }
    },
  );

  it('takes the trained weights where their average lies beside them', () => {
    const names = [...STYLE_GRU.map((name) => `model_ema.${name}`), ...STYLE_GRU.map((name) => `model.${name}`)];
    expect(recogniseRole(names)?.prefix).toBe('model.');
    expect(recogniseRole(names.filter((name) => !name.startsWith('model.')))?.prefix).toBe('model_ema.');
  });

  it('knows no role for parts and other networks', () => {
    expect(recogniseRole([])).toBeUndefined();
    expect(recogniseRole(['w_q.weight', 'w_k.weight', 'w_v.weight', 'w_concat.weight'])).toBeUndefined();
    expect(recogniseRole(CONTENT.map((name) => name.replace('.', '')))).toBeUndefined();
  });
});

describe('tensorsOfRole', () => {
  const explain = (tensors: Record<string, TorchTensor>, role: 'content' | 'psp' = 'content') =>
    explainRole(tensors, role);
  const explainRole = async (tensors: Record<string, TorchTensor>, role: 'content' | 'psp' | 'style-gru') =>
    use(await store(torchZip(tensors)), (checkpoint) => {
      expect(() => tensorsOfRole(checkpoint, role)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
      try {
        tensorsOfRole(checkpoint, role);
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
      return '';
    });

  it('says what a file is that was given for another role', async () => {
    expect(await explain(named(STYLE_GRU, 'module.'))).toBe(
      'file.pth cannot be the content checkpoint: it is a style-gru checkpoint',
    );
    const retina = ['body.stage1.0.0', 'ssh1.conv3X3.0', 'ssh3.conv7x7_3.0', 'BboxHead.0.conv1x1'];
    expect(await explain(named(retina.map((name) => `${name}.weight`)))).toContain('it is a retinaface checkpoint');
    const face = [
      'input_layer.0.weight',
      'body.23.res_layer.1.weight',
      'output_layer.0.weight',
      'output_layer.3.weight',
    ];
    expect(await explain(named(face), 'psp')).toContain('it is an IR-SE face recognition network (ArcFace)');
    expect(await explain(named(['a', 'b', 'c', 'd']))).toBe(
      'file.pth cannot be the content checkpoint: ' +
        'it has no tensor s1.pathway0_stem.conv.weight; its 4 tensors begin with a, b, c',
    );
  });

  it('finds every tensor by its own name, whatever wraps a part, and refuses one that is there twice', async () => {
    const wrapped = STYLE_GRU.map((name) => `module.${name.replace(/^(gru|dense)\./, '$1._orig_mod.')}`);
    await use(await store(torchZip(named(wrapped))), (checkpoint) => {
      const tensors = tensorsOfRole(checkpoint, 'style-gru');
      for (const name of STYLE_GRU) expect([name, tensors.shape(name, ['*'])]).toEqual([name, [1]]);
      expect(() => tensors.refuseExtra()).not.toThrow();
      expect(tensors.fullName('gru.weight_ih_l0')).toBe('module.gru._orig_mod.weight_ih_l0');
    });
    const twice = [...wrapped, 'module.gru.module.weight_ih_l0'];
    await use(await store(torchZip(named(twice))), (checkpoint) => {
      expect(() => tensorsOfRole(checkpoint, 'style-gru')).toThrow(
        'tensor gru.weight_ih_l0 is there twice, as module.gru._orig_mod.weight_ih_l0 and as module.gru.module.weight_ih_l0',
      );
    });
  });

  it('names a tensor that is missing, and none that is there', async () => {
    const names = STYLE_GRU.filter((name) => !name.startsWith('gru.'));
    expect(await explainRole(named(names), 'style-gru')).toContain('it has no tensor gru.weight_ih_l0; its');
    const scattered = STYLE_GRU.map((name, i) => `part${i}.${name}`);
    expect(await explainRole(named(scattered), 'style-gru')).toContain('do not lie under one prefix');
  });

  it("refuses an encoder that has pSp's tensors and computes something else", async () => {
    const saved = (type: string) =>
      torchZip(named([...pspShapes(FULL_WIDTHS).keys()], 'encoder.'), (dict) => {
        const options = new Map<string, Picklable>([['encoder_type', type]]);
        return new Map<string, Picklable>([
          ['state_dict', dict],
          ['opts', options],
        ]);
      });
    await use(await store(saved('Encoder4Editing')), (checkpoint) => {
      expect(() => tensorsOfRole(checkpoint, 'psp')).toThrow(
        'file.pth cannot be the psp checkpoint: its options name the encoder Encoder4Editing, expected GradualStyleEncoder',
      );
    });
    await use(await store(saved('GradualStyleEncoder')), (checkpoint) => {
      expect(tensorsOfRole(checkpoint, 'psp').has('latlayer1.weight')).toBe(true);
    });
  });

  it('refuses a network that is there twice, naming both places', async () => {
    expect(await explain({ ...named(CONTENT, 'a.'), ...named(CONTENT) })).toBe(
      'file.pth has the content network more than once (under a., without a prefix)',
    );
  });
});

describe('openCheckpoint on wrapped weights', () => {
  const tensors = { ...named(STYLE_GRU, 'x.'), ...named(STYLE_GRU, 'y.') };
  const wrapped = (wrap: (x: Map<string, Picklable>, y: Map<string, Picklable>) => Picklable) =>
    torchZip(tensors, (dict) => wrap(part(dict, 'x.'), part(dict, 'y.')));
  const entries = (...pairs: [string, Picklable][]) => new Map<string, Picklable>(pairs);
  const optimizer = (x: Map<string, Picklable>) =>
    entries(['state', entries(['0', entries(['exp_avg', x.get('hidden_state') ?? null])])], ['param_groups', []]);

  it.each<[string, (x: Map<string, Picklable>, y: Map<string, Picklable>) => Picklable, string[], string[]]>([
    ['nothing', (x) => x, [], []],
    ['model', (x) => entries(['epoch', 1], ['model', x]), ['model'], ['epoch']],
    ['model_state_dict', (x) => entries(['model_state_dict', x]), ['model_state_dict'], []],
    ['net beside an optimizer', (x) => entries(['optimizer', optimizer(x)], ['net', x]), ['net'], ['optimizer']],
    ['state_dict, then model', (x) => entries(['state_dict', entries(['model', x])]), ['state_dict', 'model'], []],
    ['a key of its own', (x) => entries(['gru_weights', x], ['epoch', 1]), ['gru_weights'], ['epoch']],
    ['its average beside it', (x, y) => entries(['model_ema', y], ['model', x]), ['model'], ['model_ema']],
    ['only its average', (x) => entries(['ema', x]), ['ema'], []],
    ['a list', (x) => [x, 3], ['0'], ['1']],
  ])('finds them under %s', async (_, wrap, wrapping, beside) => {
    await use(await store(wrapped(wrap)), (checkpoint) => {
      expect(checkpoint).toMatchObject({ wrapping, beside });
      expect(checkpoint.names()).toEqual(STYLE_GRU);
    });
  });

  it('refuses to choose between two, naming both', async () => {
    const message = 'file.pth holds several networks (under model and under net): save one of them alone';
    expect(await refusal(wrapped((x, y) => entries(['model', x], ['net', y])))).toBe(message);
  });

  it('is not caught in dicts that hold themselves, or that are too deep', async () => {
    const self = { raw: Buffer.from('}q\x00X\x05\x00\x00\x00modelh\x00s', 'latin1') };
    expect(await refusal(torchZip({}, () => self))).toContain('holds no dict of tensors; its keys are model');
    const deep = (x: Picklable, depth: number): Picklable => (depth === 0 ? x : entries(['model', deep(x, depth - 1)]));
    expect(await refusal(wrapped((x) => deep(x, 9)))).toContain('holds no dict of tensors');
  });
});
