import { findPython } from '../trainer/find-python.mjs';
import { TORCH_MODULES } from '../trainer/run-pytest.mjs';

/**
 * What tests need beyond Node, the dependencies and the build, and how a test is known to need it. The one place where
 * both are written down: scripts/tests/read-test-needs.mjs reads it, CONTRIBUTING.md explains it.
 */

/**
 * @typedef {object} Need
 * @property {string} about one line, for people
 * @property {readonly string[]} programs must be on the PATH
 * @property {readonly string[]} debian packages that bring them
 * @property {readonly string[]} [brew] Homebrew's packages that bring them; absent: there are none
 * @property {boolean} [linuxOnly]
 * @property {() => string | null} [lacks] what is not here though it is no program, as the end of a sentence; null: nothing
 */

/**
 * Each name is a tag of vitest: `npm test -- --tags-filter '!ffmpeg'` works.
 * @satisfies {Readonly<Record<string, Need>>}
 */
export const TEST_NEEDS = {
  redis: {
    about: 'starts redis-server',
    programs: ['redis-server'],
    debian: ['redis-server'],
    brew: ['redis'],
  },
  ffmpeg: {
    about: 'makes, probes or decodes videos',
    programs: ['ffmpeg', 'ffprobe'],
    debian: ['ffmpeg'],
    brew: ['ffmpeg'],
  },
  sample: {
    about: 'reads samples/face.mp4, which ffmpeg cuts',
    programs: [],
    debian: [],
  },
  s3: {
    about: 'starts an S3 server (OpenStack Swift)',
    programs: [
      'swift-account-server',
      'swift-container-server',
      'swift-object-server',
      'swift-proxy-server',
      'memcached',
    ],
    debian: ['swift-account', 'swift-container', 'swift-object', 'swift-proxy', 'memcached'],
    linuxOnly: true,
  },
  openssl: {
    about: 'makes certificates',
    programs: ['openssl'],
    debian: ['openssl'],
    brew: ['openssl'],
  },
  curl: {
    about: 'calls the API as the documentation does',
    programs: ['curl'],
    debian: ['curl'],
    brew: ['curl'],
  },
  ps: {
    about: 'looks at the processes of the machine',
    programs: ['ps'],
    debian: ['procps'],
  },
  chromium: {
    about: 'opens a page in a real browser',
    programs: ['chromium'],
    debian: ['chromium'],
  },
  faketime: {
    about: 'gives a process or a server a wrong clock',
    programs: ['faketime'],
    debian: ['faketime'],
    linuxOnly: true,
  },
  strace: {
    about: 'watches what processes ask of the system',
    programs: ['strace'],
    debian: ['strace'],
    linuxOnly: true,
  },
  linux: {
    about: "looks into Linux's /proc",
    programs: [],
    debian: [],
    linuxOnly: true,
  },
  torch: {
    about: 'runs the trainer',
    // Which Python it is differs; the modules decide.
    programs: [],
    debian: ['python3-torch', 'python3-numpy', 'python3-pytest', 'libbrotli1'],
    lacks: () =>
      findPython(TORCH_MODULES) === null
        ? 'there is no Python with PyTorch, numpy and pytest: apt-get install python3-torch python3-numpy python3-pytest, or pip install torch numpy pytest'
        : null,
  },
  'deploy-tools': {
    about: 'runs the tools that validate deploy/',
    // Installed apart, with reasons of their own: scripts/set-up/deploy-tools.mjs.
    programs: [],
    debian: [],
  },
};

/** @typedef {keyof typeof TEST_NEEDS} NeedName */

/**
 * Everything that `@styleflow/testing` exports → what a test that imports it needs. A test compares this list with the
 * package: an export without an entry fails it. What lies behind its side door, `@styleflow/testing/models`, needs nothing.
 * @satisfies {Readonly<Record<string, readonly NeedName[]>>}
 */
export const NEEDS_OF_TESTING = {
  askRedis: [],
  damagedBytes: [],
  drawn: [],
  expectClose: [],
  findFreePort: [],
  isAlive: [],
  killAsOutOfMemory: ['linux'],
  killProcess: [],
  limitDescriptors: ['linux'],
  listenOnLoopback: [],
  makeSkewedClock: ['faketime'],
  makeTlsFiles: ['openssl'],
  startTimeStampServer: ['openssl'],
  makeVideo: ['ffmpeg'],
  mountSmallDisk: ['linux'],
  pickFrom: [],
  processTree: ['linux'],
  readAllRedis: [],
  redisTlsConfig: [],
  seededRandom: [],
  shuffled: [],
  spoilRedis: [],
  startFailingS3: [],
  startFaultyLink: [],
  startHttpServer: [],
  startOtlpCollector: [],
  startRedis: ['redis'],
  startRedisSentinel: ['redis'],
  startS3: ['s3'],
  startSkewedRedis: ['redis', 'faketime'],
  startTlsSentinel: ['redis'],
  until: [],
};

/** Scenarios start the whole system; which program serves which step is not theirs to know. */
export const NEEDS_OF_SCENARIOS = /** @type {const} */ (['redis', 'ffmpeg', 'sample', 's3', 'openssl', 'curl', 'ps']);

/**
 * The marker of a file that starts a program by other means than `@styleflow/testing`, on a line of its own above the
 * imports: `// @module-tag ffmpeg`. In a file that several tests share it counts for each of them.
 */
export const MARKER = /^\s*(?:\/\/|\*|\/\*\*)\s*@module-tag\s+(\S+)/gm;
