import {
  BatchBodySchema,
  BatchItemBodySchema,
  BatchListSchema,
  BatchSchema,
  BatchWebhookBodySchema,
  ClipDetailsSchema,
  CustodyLogSchema,
  DeliveryListSchema,
  DeliverySchema,
  DisagreementsSchema,
  DryRunSchema,
  EntryDetailsSchema,
  EntryListSchema,
  ErrorRowSchema,
  HealthAnswerSchema,
  HealthcheckAnswerSchema,
  JobLinksSchema,
  JobListSchema,
  JobSchema,
  JobWebhookBodySchema,
  ModelsAnswerSchema,
  PdfPendingSchema,
  PredictAnswerSchema,
  PredictBodySchema,
  PredictPendingSchema,
  ProblemSchema,
  PublicJwksSchema,
  QueueFactsSchema,
  QueueListSchema,
  ReadinessAnswerSchema,
  ResultRowSchema,
  ResultSchema,
  SubmitBodySchema,
  SubmitPartSchema,
  SystemAnswerSchema,
  UploadAnswerSchema,
  UploadBodySchema,
  UploadPartsSchema,
  UploadStateSchema,
} from '@styleflow/contracts';
import { z } from 'zod';

/** What the server reads: as the caller writes it, so defaults are optional. */
const BODIES = {
  SubmitBody: SubmitBodySchema,
  SubmitPart: SubmitPartSchema,
  BatchBody: BatchBodySchema,
  BatchItemBody: BatchItemBodySchema,
  UploadBody: UploadBodySchema,
  PredictBody: PredictBodySchema,
};

/** Bodies as the server answers them: defaults are filled in. */
const ANSWERS = {
  Job: JobSchema,
  JobList: JobListSchema,
  Batch: BatchSchema,
  BatchList: BatchListSchema,
  DryRun: DryRunSchema,
  ResultRow: ResultRowSchema,
  ErrorRow: ErrorRowSchema,
  Result: ResultSchema,
  ClipDetails: ClipDetailsSchema,
  JobLinks: JobLinksSchema,
  CustodyLog: CustodyLogSchema,
  PublicKeys: PublicJwksSchema,
  Delivery: DeliverySchema,
  DeliveryList: DeliveryListSchema,
  JobWebhookBody: JobWebhookBodySchema,
  BatchWebhookBody: BatchWebhookBodySchema,
  Upload: UploadAnswerSchema,
  UploadState: UploadStateSchema,
  UploadParts: UploadPartsSchema,
  PdfPending: PdfPendingSchema,
  Models: ModelsAnswerSchema,
  Disagreements: DisagreementsSchema,
  System: SystemAnswerSchema,
  Prediction: PredictAnswerSchema,
  PendingPrediction: PredictPendingSchema,
  Healthcheck: HealthcheckAnswerSchema,
  Health: HealthAnswerSchema,
  Readiness: ReadinessAnswerSchema,
  QueueFacts: QueueFactsSchema,
  QueueList: QueueListSchema,
  EntryList: EntryListSchema,
  EntryDetails: EntryDetailsSchema,
  Problem: ProblemSchema,
};

export type SchemaName = keyof typeof BODIES | keyof typeof ANSWERS;
export type JsonSchema = Readonly<Record<string, unknown>>;

export function schemaRef(name: SchemaName): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** `components.schemas`, made from the same schemas that parse the requests and type the answers. */
export function componentSchemas(): Record<string, JsonSchema> {
  return { ...toJson(BODIES, 'input'), ...toJson(ANSWERS, 'output') };
}

/** The fields of a query string, as OpenAPI parameters. */
export function queryParameters(schema: z.ZodObject): object[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'output' });
  return Object.entries(properties).map(([name, shape]) => ({ name, in: 'query', required: false, schema: shape }));
}

function toJson(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, {
    io,
    // A job id is a string with a check of its own, which JSON Schema cannot express. Its metadata describes it.
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([id, { $schema: _dialect, $id: _address, ...schema }]) => [id, schema]),
  );
}
