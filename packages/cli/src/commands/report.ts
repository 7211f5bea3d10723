import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { addClientFlags, type ClientFlags, connect } from './client-flags.js';

interface ReportFlags extends ClientFlags {
  readonly pdf?: true;
  readonly out?: string;
}

/** `styleflow report`: brings the report of an ended job, as the page or as PDF. */
export function addReport(program: Command): void {
  const command = program
    .command('report')
    .argument('<job>', "the job's id")
    .description("bring an ended job's report: one HTML file, or a PDF that the system makes now")
    .option('--pdf', 'as PDF; needs a CPU worker with Chromium')
    .option('--out <file>', "the file to write (default: the job's id, .html or .pdf)");
  addClientFlags(command).action(async (id: string, flags: ReportFlags) => {
    const client = connect(flags);
    const isPdf = flags.pdf === true;
    const bytes = await (isPdf ? client.jobs.reportPdf(id) : client.report(id));
    const file = resolve(flags.out ?? `${id}${isPdf ? '.pdf' : '.html'}`);
    await pipeline(Readable.fromWeb(bytes), createWriteStream(file));
    process.stdout.write(flags.json === true ? `${JSON.stringify({ job: id, report: file })}\n` : `report: ${file}\n`);
    process.exitCode = EXIT.done;
  });
}
