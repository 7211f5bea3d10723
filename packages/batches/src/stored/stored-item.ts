import { GivenOptionsSchema, LABEL_COLUMNS, type LabelColumn, SourceSchema } from '@styleflow/contracts';
import { z } from 'zod';

const LabelsSchema = z.partialRecord(z.enum(LABEL_COLUMNS as unknown as [LabelColumn]), z.string());

/** An item as a batch keeps it. Its number is its place among those that were taken, from 0. */
export const StoredItemSchema = z.object({
  index: z.int().min(0),
  line: z.int().min(0),
  id: z.string(),
  source: SourceSchema,
  options: GivenOptionsSchema,
  labels: LabelsSchema,
  metadata: z.record(z.string(), z.unknown()),
});
export type StoredItem = z.infer<typeof StoredItemSchema>;
