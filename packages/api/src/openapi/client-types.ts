import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

/** A file of the client that is made from the document: its path below packages/client/src, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const HEAD =
  '// Made from the OpenAPI document: `npx tsc -b packages/api && node packages/api/dist/openapi/client-types-main.js`.\n\n';

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

/** The types of all bodies, and method and path of every call, as the client holds them. */
export async function clientTypes(document: object): Promise<GeneratedFile[]> {
  const nodes = await openapiTS(JSON.stringify(document), {
    // What has a default may be left out of a request; answers name it as required.
    defaultNonNullable: false,
    transform: prefixedId,
  });
  return [
    { path: 'generated/openapi-types.ts', text: HEAD + astToString(nodes) },
    { path: 'generated/openapi-calls.ts', text: HEAD + callTable(document as OpenApi) },
  ];
}

function callTable({ paths }: OpenApi): string {
  const lines = Object.entries(paths).flatMap(([path, calls]) =>
    Object.entries(calls).map(
      ([method, { operationId }]) => `  ${operationId}: { method: '${method.toUpperCase()}', path: '${path}' },`,
    ),
  );
  return `/** Method and path of every call, by the name of its operation. */\nexport const CALLS = {\n${lines.join('\n')}\n} as const;\n`;
}

/** Ids of jobs and batches are no plain texts to whoever works with the contract. */
function prefixedId(schema: object): ts.TypeNode | undefined {
  const { pattern } = schema as { readonly pattern?: string };
  const prefix = /^\^((?:job|bat)_)/.exec(pattern ?? '')?.[1];
  return prefix === undefined ? undefined : prefixed(prefix);
}

/** The type `prefix${string}`. */
function prefixed(prefix: string): ts.TypeNode {
  const anyText = ts.factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword);
  const rest = ts.factory.createTemplateLiteralTypeSpan(anyText, ts.factory.createTemplateTail(''));
  return ts.factory.createTemplateLiteralType(ts.factory.createTemplateHead(prefix), [rest]);
}
