import { csvPrinter } from '@styleflow/batches';
import type { Request } from 'express';
import { invalidRequest } from '../http/parse-request.js';

/** How lines of results or errors are written. */
export interface RowFormat {
  readonly contentType: string;
  readonly header: string;
  readonly print: (row: object) => string;
  /** What may be sent while nothing is to be told; readers pass it over. */
  readonly heartbeat: string | null;
}

/** By `format`, else by the header Accept. `isContinued`: earlier rows were read before, so CSV has its header already. */
export function rowFormat(
  request: Request,
  { format, excel }: { readonly format?: 'ndjson' | 'csv' | undefined; readonly excel: 'true' | 'false' },
  columns: readonly string[],
  isContinued: boolean,
): RowFormat {
  const wanted = format ?? (request.accepts(['application/x-ndjson', 'text/csv']) === 'text/csv' ? 'csv' : 'ndjson');
  if (wanted === 'ndjson') {
    if (excel === 'true')
      throw invalidRequest('excel=true is for format=csv.', [{ path: 'excel', message: 'only of csv' }]);
    const print = (row: object): string => `${JSON.stringify(row)}\n`;
    return { contentType: 'application/x-ndjson; charset=utf-8', header: '', print, heartbeat: '\n' };
  }
  const printer = csvPrinter(columns, { excel: excel === 'true' });
  return {
    contentType: 'text/csv; charset=utf-8',
    header: isContinued ? '' : printer.header(),
    print: (row) => printer.row({ ...row }),
    heartbeat: null,
  };
}
