import { GivenOptionsSchema, LABEL_COLUMNS, type LabelColumn, SubmittedSourceSchema } from '@styleflow/contracts';
import { z } from 'zod';

const LabelsSchema = z.partialRecord(z.enum(LABEL_COLUMNS as unknown as [LabelColumn]), z.string());

/** An item as a batch keeps it. Its number is its place among those that were taken, from 0. */
export const StoredItemSchema = z.object({
  index: z.int().min(0),
  line: z.int().min(0),
  id: z.string(),
  /** As everybody may see it. */
  source: SubmittedSourceSchema,
  /** The whole source, sealed for the item's job, where it has more than everybody may see. */
  secrets: z.record(z.string(), z.string()).optional(),
  options: GivenOptionsSchema,
  labels: LabelsSchema,
  metadata: z.record(z.string(), z.unknown()),
});
export type StoredItem = z.infer<typeof StoredItemSchema>;
