import { register } from 'node:module';

/**
 * `node loaded-files-main.js LIST ENTRY`: imports the file ENTRY (a URL) and writes the URL of every module that is
 * loaded for it to LIST, one a line. What the entry does then, a failure too, is its own affair.
 */
const [list, entry = ''] = process.argv.slice(2);
register(new URL('./record-loaded.js', import.meta.url), { data: { list } });
await import(entry);
