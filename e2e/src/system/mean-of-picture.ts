/**
 * The bytes of an ONNX file of operator set 17: `x` float32 [N, 3, 64, 64] in 0..1 → `y` float32 [N, 1], the mean of
 * all values. Nodes: GlobalAveragePool, Flatten (axis 1), ReduceMean (axis 1).
 */
export const MEAN_OF_PICTURE = Buffer.from(
  'CAg6zgEKMAoBeBIBcBoTR2xvYmFsQXZlcmFnZVBvb2xfcCIRR2xvYmFsQXZlcmFnZVBvb2w6AAopCgFwEgFmGglGbGF0dGVuX2Yi' +
    'B0ZsYXR0ZW4qCwoEYXhpcxgBoAECOgAKLwoBZhIBeRoMUmVkdWNlTWVhbl95IgpSZWR1Y2VNZWFuKgsKBGF4ZXNAAaABBzoAEgpt' +
    'YWluX2dyYXBoWhwKAXgSFwoVCAESEQoDEgFOCgIIAwoCCEAKAghAYhQKAXkSDwoNCAESCQoDEgFOCgIIAUIECgAQEQ==',
  'base64',
);
