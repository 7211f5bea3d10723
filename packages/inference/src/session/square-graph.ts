/**
 * The bytes of a small ONNX graph for this package's tests: `y = x · x` with `x` float [N, N]. They are written by
 * hand, because this package cannot import the graph writer (package onnx).
 */
export function squareGraph(): Uint8Array {
  const node = message(text(1, 'x'), text(1, 'x'), text(2, 'y'), text(4, 'MatMul'));
  const graph = message(bytes(1, node), text(2, 'square'), bytes(11, matrix('x')), bytes(12, matrix('y')));
  const opset = message(varint(2, 20));
  return Uint8Array.from(message(varint(1, 9), bytes(8, opset), bytes(7, graph)));
}

const FLOAT = 1;

function matrix(name: string): number[] {
  const side = bytes(1, text(2, 'N'));
  const tensor = message(varint(1, FLOAT), bytes(2, message(side, side)));
  return message(text(1, name), bytes(2, bytes(1, tensor)));
}

function message(...fields: number[][]): number[] {
  return fields.flat();
}

/** A number below 128, as a varint field. */
function varint(field: number, value: number): number[] {
  return [field * 8, value];
}

/** At most 127 bytes, as a length-delimited field. */
function bytes(field: number, content: number[]): number[] {
  return [field * 8 + 2, content.length, ...content];
}

function text(field: number, content: string): number[] {
  return bytes(field, [...Buffer.from(content)]);
}
