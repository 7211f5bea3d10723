import { checkpointError } from '@styleflow/files';
import { type ModelProto, type OnnxModel, OPSET_VERSION } from '@styleflow/onnx';
import { allNodes } from './graph-walk.js';

/** The first operator set with Scan, which runs a model in turn, in its present form. */
const OLDEST_OPSET = 9;
/** Domains of the operators that ONNX Runtime contains. The default domain has two names. */
const RUNTIME_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);

/**
 * The operator set of the default domain in which a foreign model is written. The nodes that we add are written in it
 * too.
 * @throws JobError `invalid_request` when it is too old, saying how to raise it.
 */
export function opsetOf(header: ModelProto, oldest = OLDEST_OPSET): number {
  const imports = header.opsetImport.filter(({ domain }) => domain === '' || domain === 'ai.onnx');
  // A model that uses none of the default operators leaves the choice to us.
  if (imports.length === 0 && header.opsetImport.length > 0) return OPSET_VERSION;
  const version = Number(imports[0]?.version ?? 1n);
  if (version >= oldest) return version;
  throw checkpointError(
    `the model is written in operator set ${version}; allowed: ${oldest} and newer (export it again with a newer opset_version, or convert it with onnx.version_converter)`,
  );
}

/**
 * Refuses operators that workers do not have: those of other libraries, unless the model defines them as functions.
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
