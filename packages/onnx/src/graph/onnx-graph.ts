import { create } from '@bufbuild/protobuf';
import type { Weight } from '@styleflow/files';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/**
 * The operator set of every graph written here. 20 is the newest one whose operators (Gelu among them) ONNX Runtime's
 * CUDA provider registers without a gap; 21 and 22 re-issue Conv, GRU, Cast and Reshape and gain these graphs nothing.
 */
export const OPSET_VERSION = 20;
/** The domain of ONNX Runtime's own operators. The standard has no sum of whole numbers with steps. */
export const RUNTIME_DOMAIN = 'com.microsoft';
/** The file format version that goes with the operator set. */
export const IR_VERSION = 9;

/** Float types that networks compute in. */
export type FloatType = 'float32' | 'float16';
export type ElementType = FloatType | 'uint8' | 'int8' | 'int32' | 'int64';

/** Whole numbers as they are stored. */
export type Integers = Uint8Array | Int8Array | Int32Array | BigInt64Array;
/** A fixed length, or the name of a dynamic one (`B`). */
export type Dim = number | string;

/** What nodes are wired with: the output of a node, an input or an initializer. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dim[];
}

/** An attribute of a node, in the kinds that the operators here need. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly text: string };

/**
 * A constant of the graph. Integers are kept as they are. Weights are read when the file is written, and rounded if
 * `type` says so.
 */
export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly weight: Weight | Integers;
  readonly shape: readonly number[];
}

export const ELEMENT_CODES: Readonly<Record<ElementType, number>> = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  uint8: TensorProto_DataType.UINT8,
  int8: TensorProto_DataType.INT8,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
};

/**
 * An ONNX graph under construction. Nodes are kept in the order in which they were added, in which they can also run.
 * Values carry type and shape, so that a wrong wiring fails here and not when the file is loaded. Names depend on the
 * calls alone: the same calls give the same bytes.
 */
export class OnnxGraph {
  readonly name: string;
  readonly inputs: ValueInfoProto[] = [];
  readonly outputs: ValueInfoProto[] = [];
  readonly nodes: NodeProto[] = [];
  readonly initializers: Initializer[] = [];
  /** Inputs and outputs of nodes, without the initializers. */
  readonly values: Value[] = [];
  readonly #names = new Set<string>();
  readonly #integers = new Map<string, Value>();
  readonly #scopes: string[] = [];
  #floats: FloatType = 'float32';

  constructor(name: string) {
    this.name = name;
  }

  /** Prefixes the names of everything `build` adds, so that a profile of the running graph can be read. */
  within<T>(scope: string, build: () => T): T {
    this.#scopes.push(scope);
    try {
      return build();
    } finally {
      this.#scopes.pop();
    }
  }

  /** Weights that `build` adds are stored as `type`. The values that they meet must have that type too. */
  inFloats<T>(type: FloatType, build: () => T): T {
    const before = this.#floats;
    this.#floats = type;
    try {
      return build();
    } finally {
      this.#floats = before;
    }
  }

  /** The type in which weights are stored that are added now. */
  get floats(): FloatType {
    return this.#floats;
  }

  input(name: string, type: ElementType, shape: readonly Dim[]): Value {
    const value: Value = { name: this.#claim(name), type, shape };
    this.inputs.push(describe(value));
    this.values.push(value);
    return value;
  }

  /** Makes `value` an output of the graph under `name`. */
  output(name: string, value: Value): void {
    const named: Value = { ...value, name: this.#claim(name) };
    this.nodes.push(
      create(NodeProtoSchema, { opType: 'Identity', name: `${name}/Identity`, input: [value.name], output: [name] }),
    );
    this.outputs.push(describe(named));
  }

  /** Adds a weight in the current float type. `name` is the checkpoint's name of the tensor if there is one. */
  weight(name: string, weight: Weight): Value {
    const value: Value = { name: this.#unique(name), type: this.#floats, shape: weight.shape };
    this.initializers.push({ ...value, weight, shape: weight.shape });
    return value;
  }

  /** Descriptions of the values between inputs and outputs. */
  between(): ValueInfoProto[] {
    const inputs = new Set(this.inputs.map(({ name }) => name));
    return this.values.filter(({ name }) => !inputs.has(name)).map(describe);
  }

  /** A vector of integers (sizes, axes), or a scalar when given a number. Equal ones are stored once. */
  integers(values: readonly number[] | number): Value {
    const shape = typeof values === 'number' ? [] : [values.length];
    const integers = BigInt64Array.from(typeof values === 'number' ? [values] : values, BigInt);
    const name = typeof values === 'number' ? `int/${values}` : `ints/${values.join(',')}`;
    const known = this.#integers.get(name);
    if (known) return known;
    const value: Value = { name: this.#claim(name), type: 'int64', shape };
    this.initializers.push({ name, type: 'int64', weight: integers, shape });
    this.#integers.set(name, value);
    return value;
  }

  /**
   * Adds a node. A null input is an optional one that is left out. `result` gives type and shape of each output; null
   * for one that is left out.
   */
  node(
    operator: string,
    inputs: readonly (Value | null)[],
    attributes: Readonly<Record<string, Attribute>>,
    result: readonly (Pick<Value, 'type' | 'shape'> | null)[],
  ): Value[] {
    const name = this.#unique(operator);
    const values = result.flatMap((output, index) =>
      output === null ? [] : [{ ...output, name: this.#claim(index === 0 ? `${name}/out` : `${name}/out${index}`) }],
    );
    this.values.push(...values);
    let next = 0;
    const outputNames = result.map((output) => (output === null ? '' : (values[next++]?.name ?? '')));
    this.nodes.push(
      create(NodeProtoSchema, {
        opType: operator,
        name,
        input: inputs.map((value) => value?.name ?? ''),
        output: outputNames,
        attribute: Object.keys(attributes)
          .sort()
          .map((key) => encodeAttribute(key, attributes[key] as Attribute)),
      }),
    );
    return values;
  }

  #unique(name: string): string {
    const scoped = [...this.#scopes, name].join('/');
    if (!this.#names.has(scoped)) return this.#claim(scoped);
    for (let number = 2; ; number++) {
      if (!this.#names.has(`${scoped}_${number}`)) return this.#claim(`${scoped}_${number}`);
    }
  }

  #claim(name: string): string {
    if (this.#names.has(name)) throw new RangeError(`the graph already has a value or node named ${name}`);
    this.#names.add(name);
    return name;
  }
}

function encodeAttribute(name: string, attribute: Attribute): AttributeProto {
  if ('int' in attribute) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(attribute.int) });
  }
  if ('ints' in attribute) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: attribute.ints.map(BigInt) });
  }
  if ('float' in attribute)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: attribute.float });
  return create(AttributeProtoSchema, {
    name,
    type: AttributeType.STRING,
    s: new TextEncoder().encode(attribute.text),
  });
}

function describe(value: Value): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name: value.name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: ELEMENT_CODES[value.type],
          shape: {
            dim: value.shape.map((dim) => ({
              value:
                typeof dim === 'number'
                  ? { case: 'dimValue' as const, value: BigInt(dim) }
                  : { case: 'dimParam' as const, value: dim },
            })),
          },
        },
      },
    },
  });
}
