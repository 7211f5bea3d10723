/**
 * What the launcher's shell runs, in words that every POSIX shell knows. It reads commands from its standard input, a line each, and
 * answers on its standard output, a line each that begins with the name of the run:
 *
 * - `refused 0`: the named pipes could not be made, and nothing was started;
 * - `started PID`: the program runs, or waits until the other ends of its pipes are opened;
 * - `kept PID`: the number of the shell that waits for the program's end, for `bury`;
 * - `ended STATUS`: with 128 and the number of a signal when one ended it.
 *
 * A program's standard streams are named pipes in the launcher's folder, or files; it has no other descriptor. When the input ends,
 * because whoever writes to it has closed it or is dead, the shell ends with everything in its group: itself, those that wait, and
 * programs that have not begun yet. Those that have left the group by `setsid` end by writing to a pipe that nobody reads.
 *
 * Signals meant for a whole service, as systemd sends them, must not end it before the process that it serves.
 */
export const SHELL_PROGRAM = `
trap '' TERM INT HUP
newline='
'
folder=$1
mkfifo=$2
rm=$3
start() {
  run=$1
  in=$2
  shift 2
  case $in in
    in) in=$folder/$run.in && "$mkfifo" -m 600 "$in" ;;
  esac &&
    "$mkfifo" -m 600 "$folder/$run.out" "$folder/$run.err" ||
    { echo "$run refused 0"; return; }
  {
    "$@" <"$in" >"$folder/$run.out" 2>"$folder/$run.err" &
    echo "$run started $!"
    wait $!
    echo "$run ended $?"
  } </dev/null &
  echo "$run kept $!"
}
bury() { wait "$1"; }
while IFS= read -r line; do eval "$line"; done
"$rm" -rf -- "$folder"
kill -KILL 0
`;

/** What a program may have as its standard input. */
export const EMPTY_INPUT = '/dev/null';
export const NAMED_PIPE = 'in';

/** A word as the shell reads it back from one line, whatever is in it but the byte 0. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`).replaceAll('\n', `'"$newline"'`)}'`;
}
