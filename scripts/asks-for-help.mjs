/**
 * Whether a command is asked what it does, rather than to do it.
 * @param {readonly string[]} args
 */
export function asksForHelp(args) {
  return args.includes('--help') || args.includes('-h');
}
