/** The subject of a benchmark, and its order of magnitude in time on two cores. */
type About = readonly [about: string, takes: string];

const ABOUT: Readonly<Record<string, About>> = {
  against: [
    'processor seconds, time and memory of --command beside ours, on one video and the same cores',
    '6 times both',
  ],
  api: ['calls a second of one API process, and what each kind costs it and Redis', 'a minute'],
  autoscale: ['a burst of clips under the chart’s own scaling rule, on simulated devices', 'a quarter of an hour'],
  'batch-size': ['whether the size of a tensor batch changes a logit', '2 minutes'],
  budget: [
    'what each step costs a frame or a clip of a video, beside what it cannot be cheaper than in the same run',
    'a minute',
  ],
  cage: ['what the cage of ffmpeg costs a probe and a decode', 'a minute'],
  chaos: [
    'every outage and fault by a seeded schedule, then an audit of what clients were told',
    '--minutes and a few',
  ],
  'dataset-build': [
    'a data set of 200 small videos (--items) while one of two CPU workers is killed, then an audit of its shards',
    '5 minutes',
  ],
  device: ['the served graphs on this machine’s card; needs one, and runs only when named', '8 minutes on a card'],
  'dripping-clients': ['fifty honest jobs beside sources and uploads that drip', '8 minutes'],
  'end-to-end': ['one video through the whole system, on one core and on two', '3 minutes'],
  faces: ['detection and tracking on every video of a folder, with sheets to look at', 'as long as the videos'],
  feeding: ['clips a second that a worker can bring to its card', '4 minutes'],
  'full-size-models': ['import and one run of each network at its published size; 14 GB of scratch', 'half an hour'],
  'hostile-files': [
    'what becomes of bombs, lying headers and playlists in disguise: codes, time, memory, what was touched',
    '3 minutes',
  ],
  int8: ['seconds a clip of the content bundle at its published size in int8 beside fp32, on the CPU', '2 minutes'],
  judging: ['whether intervals and bounds of judging keep what they promise, on made scores', '2 minutes'],
  'kill-storm': ['25 kills with 20 jobs under way: every result equal, none lost', 'a quarter of an hour'],
  'long-list': ['the console’s list of jobs with 100,000 of them (--jobs), in a real browser', '5 minutes'],
  'long-poll': ['2,000 clients that wait at once', 'a minute'],
  'long-video': ['peak memory for a video of --minutes', 'twice the video'],
  'million-lines': [
    'a batch of a million lines (--items): until it runs, memory, canceled in the middle, deleted, and what stays of it',
    'a quarter of an hour',
  ],
  models: ['seconds a clip of each network on the CPU, and what half precision changes', 'half an hour'],
  'one-job': [
    'processor seconds of every process and of Redis for one job of a video, on a system that already runs',
    '6 times the job',
  ],
  'open-consoles': [
    'what people’s open consoles (--consoles) cost API and Redis beside a system that works',
    'twice --minutes (2)',
  ],
  prepare: ['the prepare stage of a video, or of each file in a folder', 'about as long as the video'],
  'prepare-sizes': [
    'what a frame takes and the peak memory of the prepare stage, by --frames, --faces and --sizes of made videos',
    '3 minutes for 110 frames, 10,000 with ten faces an hour',
  ],
  'rolling-restart': ['every worker replaced twice while jobs come', '6 minutes'],
  scale: ['what queue and store cost a clip, how full batches get, when Redis is full', '10 minutes'],
  scrolling: [
    'frames a second while the page and the report of long videos with four and twelve faces are scrolled, and what they weigh',
    '3 minutes',
  ],
  shadow: [
    'what a clip of the served bundle waits at 80 % load of a simulated device, with and without a shadow, in turn',
    '--minutes (4) and one more',
  ],
  stability: ['what re-encoding its clips adds to the preparation of a video', 'two minutes'],
  'steady-load': ['what each process and Redis hold after 5, 30 and 60 minutes of load', '--minutes'],
  'ten-thousand': [
    'a batch of ten thousand small videos while every process is killed, then an audit of each row; with requests beside it',
    'as it says after the first tenth',
  ],
  'two-uploaders': [
    'two command lines upload 500 files each, one is killed in the middle and started again',
    '10 minutes',
  ],
  'webhook-storm': [
    'a thousand ends for a target that fails, is away and hangs, then an audit of what it got',
    '15 minutes',
  ],
  watching: [
    'dense and adaptive detection on every video of a folder: tracks, crops, logits, cost',
    'twice as long as the videos',
  ],
  'worker-memory': [
    'what an inference worker on the CPU holds when it serves, and at most while it scores',
    'a minute',
  ],
  'worker-scaling': ['clips a second of 1 to 64 simulated workers', '10 minutes'],
  'worker-start': [
    'what an inference worker on the CPU takes until it serves, with and without a kept graph',
    'a minute',
  ],
};

/** The text of `npm run bench -- --help`. */
export function benchHelp(names: readonly string[], namesWithPath: readonly string[]): string {
  const titles = [...names, ...namesWithPath.map((name) => `${name} PATH`)];
  const width = Math.max(...titles.map((title) => title.length));
  const lines = titles.map((title) => {
    const [about, takes] = ABOUT[title.replace(/ PATH$/, '')] ?? ['', ''];
    return `  ${title.padEnd(width)}  ${about}${takes === '' ? '' : ` (${takes})`}`.trimEnd();
  });
  return `Usage: npm run bench -- [NAME…] [options]

Measures on this machine; nothing of the system needs to run. Without a name all of them, but device and those with a path.
Progress goes to stderr; stdout holds one table, or with --json one JSON object.

Benchmarks (and how long each takes on two cores):
${lines.join('\n')}

Options:
  --json            one JSON object instead of the table
  --clips N         of autoscale (20000)
  --consoles N      of open-consoles (200)
  --dir DIR         of hostile-files: prepare the files of this folder, too; may be repeated
  --minutes N       of long-video (60), steady-load (60), chaos (10), shadow (4) and open-consoles (2)
  --seed N          of chaos: the same seed makes the same faults at the same times (1); also of ten-thousand and webhook-storm
  --jobs N          of chaos: jobs, spread over the minutes (500); of webhook-storm (1000); of long-list (100000)
  --scale X         of chaos: outages of up to 10 minutes, their budget and locks, times X (1)
  --store KIND      of chaos: s3 or file, a folder, which has faults of its own (s3)
  --faults LIST     of chaos: only these, by their ids (all: see e2e/README.md)
  --tools DIR       of ten-thousand: a folder with the ffmpeg and ffprobe of the CPU workers (those of the machine)
  --items N         of ten-thousand (10000), million-lines (1000000) and dataset-build (200)
  --kills N         of ten-thousand: how often each process is killed (3)
  --with-requests R of ten-thousand: R requests a second for a minute, and two jobs of other owners (0: none)
  --files N         of two-uploaders: files of each (500)
  --mib M           of two-uploaders: MiB of each file (5)
  --workers LIST    of worker-scaling (1,2,4,8,16,32,64)
  --providers LIST  of device: cpu, cuda, tensorrt (cuda,cpu)
  --frames LIST     of prepare-sizes (110)
  --faces LIST      of prepare-sizes: faces in each frame, at most 10 (1,4,10)
  --sizes LIST      of prepare-sizes: heights of pictures of 16:9 (360,1080,2160)
  --detection LIST  of prepare-sizes: adaptive, dense (adaptive)
  --size SIZE       of device: published or eighth (published)
  --command LINE    of against: a shell line with {video} where the path goes
  --bundle DIR      of against (ours), budget and one-job (the untrained one), watching (none: crops alone) and worker-memory (content, published size)
  --cores LIST      of against: cores for both, as taskset takes them (0)
  --rounds N        of against, budget and one-job (5)
  --max-frames N    of prepare and watching (0: the whole video), and budget (0: 96)
  --sampling HOW    of prepare: head or spread (head)
  --out DIR         where benchmarks of a path put their pictures
  --help            this text
`;
}
