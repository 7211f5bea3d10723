/**
 * The entry of every npm command: `node scripts/run.mjs COMMAND ARGS…`. Needs Node and npm, nothing else.
 *
 * This file must parse on any Node that knows modules, so that an old one is told what it lacks; the rest is loaded
 * only after the check.
 */
const OLDEST_NODE = 20;

const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE) {
  process.stderr.write(
    `error: StyleFlow needs Node ${OLDEST_NODE} or newer and this is Node ${process.versions.node}: install a newer one (nodejs.org) and run the command again.\n`,
  );
  process.exitCode = 2;
} else {
  import('./commands.mjs')
    .then(({ runCommand }) => runCommand(process.argv[2], process.argv.slice(3)))
    .then(
      (exitCode) => {
        process.exitCode = exitCode;
      },
      (error) => {
        // A refusal is a sentence for the user; anything else is a defect of these scripts and shows its stack.
        process.stderr.write(`error: ${error.exitCode === undefined ? error.stack : error.message}\n`);
        process.exitCode = error.exitCode === undefined ? 1 : error.exitCode;
      },
    );
}
