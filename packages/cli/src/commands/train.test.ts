import { describe, expect, it } from 'vitest';
import { torchrunLine } from './train.js';

describe('the line for a cluster', () => {
  it('starts every process of a machine with what was asked for, and quotes what a shell would change', () => {
    const line = torchrunLine('/opt/trainer', 'detector', ['--data', "/data/two faces'", '--out=/runs/a'], 4);
    expect(line).toBe(
      "PYTHONPATH=/opt/trainer torchrun --nnodes=NODES --node_rank=RANK --nproc_per_node=4 --rdzv_backend=c10d --rdzv_endpoint=FIRST_NODE:29400 --rdzv_id=RUN -m styleflow_trainer detector --data '/data/two faces'\\''' --out=/runs/a",
    );
  });
});
