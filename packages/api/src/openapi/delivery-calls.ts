import { answer, json, pathParameter, problems } from './words.js';

interface Told {
  /** The path of what is told of, with its parameter. */
  readonly path: string;
  readonly name: string;
  readonly parameter: object;
  readonly operationIds: { readonly list: string; readonly redeliver: string };
}

/** The calls about what a webhook was told, the same for jobs and for batches. */
export const deliveryCalls = ({ path, name, parameter, operationIds }: Told) => ({
  [`${path}/deliveries`]: {
    get: {
      operationId: operationIds.list,
      summary: `What was sent to the ${name}’s webhook, and what became of it; kept for a week`,
      parameters: [parameter],
      responses: { 200: answer('The log.', json('DeliveryList')), ...problems('not_found', 'gone') },
    },
  },
  [`${path}/deliveries/{n}/redeliver`]: {
    post: {
      operationId: operationIds.redeliver,
      summary: 'Send a delivery again, with all its attempts anew',
      parameters: [parameter, pathParameter('n', { type: 'integer', minimum: 1 })],
      responses: { 202: answer('It will be sent.', json('Delivery')), ...problems('not_found', 'gone') },
    },
  },
});
