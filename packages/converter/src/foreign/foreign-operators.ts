import { checkpointError } from '@styleflow/files';
import { type ModelProto, type OnnxModel, OPSET_VERSION } from '@styleflow/onnx';
import { allNodes } from './graph-walk.js';

/** Scan, which runs a model in turn, has its present form from here on. */
const OLDEST_OPSET = 9;
/** Domains whose operators ONNX Runtime brings along. The default one has two names. */
const RUNTIME_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);

/**
 * The operator set of the default domain that a foreign model is written in; what we add is written in it too.
 * @throws JobError `invalid_request` when it is too old, naming how to raise it.
 */
export function opsetOf(header: ModelProto, oldest = OLDEST_OPSET): number {
  const imports = header.opsetImport.filter(({ domain }) => domain === '' || domain === 'ai.onnx');
  // Of a model without any of the default operators ours may be chosen.
  if (imports.length === 0 && header.opsetImport.length > 0) return OPSET_VERSION;
  const version = Number(imports[0]?.version ?? 1n);
  if (version >= oldest) return version;
  throw checkpointError(
    `the model is written in operator set ${version}; allowed: ${oldest} and newer (export it again with a newer opset_version, or convert it with onnx.version_converter)`,
  );
}

/**
 * Refuses operators that no worker has: those of a library of its own, unless the model defines them as functions.
 * @throws JobError `invalid_request` naming operator and domain.
 */
export function refuseForeignOperators({ header, graph }: OnnxModel): void {
  const functions = new Set(header.functions.map(({ domain, name }) => `${domain}:${name}`));
  const nodes = [graph.node, ...header.functions.map(({ node }) => node)].flatMap((list) => [...allNodes(list)]);
  for (const { domain, opType } of nodes) {
    if (RUNTIME_DOMAINS.has(domain) || functions.has(`${domain}:${opType}`)) continue;
    throw checkpointError(
      `the model uses the operator ${opType} of ${domain}, which needs a library that workers do not have; allowed: ONNX's own, com.microsoft, and functions within the model`,
    );
  }
}
