import { formatsOf } from './print-words.js';
import type { Calibrated, EvidenceLevel, Extent, Rule, Variant } from './word-inputs.js';

const { number, dayFormat } = formatsOf('en-GB');
const count = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
const LEVELS: Record<EvidenceLevel, string> = {
  weak: 'weak evidence',
  moderate: 'moderate evidence',
  strong: 'strong evidence',
  'very-strong': 'very strong evidence',
};
const JUDGES: Record<Variant, string> = {
  'style-content':
    'The model judges how a face looks over 32 frames, and how its style codes move from one frame to the next.',
  content: 'The model judges how a face looks over 32 frames. It has no style branch.',
  custom: 'The model is a classifier that was brought along; what it looks for, its makers know.',
};
const FACTS: Readonly<Record<string, string>> = {
  faceWidth: 'width of the face in pixels',
  sharpness: 'sharpness of the face',
  yaw: 'turn of the head',
  pitch: 'tilt of the head',
  bitsPerPixel: 'bits per pixel',
  fps: 'frames per second',
  durationSeconds: 'length in seconds',
  preprocessing: 'the way clips are cut',
};
const NOT_A_PROBABILITY = 'The score orders videos by suspicion; it is not the probability that this video is fake.';

/** Every sentence of the job's page and of the report, in English. Its type is what a further language must complete. */
export const ENGLISH = {
  dayFormat,
  number,
  decimal: '.',
  seconds: (text: string) => text,
  date: (day: string, time: string) => `${day}, ${time} UTC`,
  report: 'StyleFlow report',
  score: 'score',
  notScored: 'not scored',
  threshold: (value: string) => `threshold ${value}`,
  face: (n: number) => `Face ${n}`,
  clip: (n: number) => `Clip ${n}`,
  count: {
    faces: (n: number) => count(n, 'face'),
    clips: (n: number) => count(n, 'clip'),
    frames: (n: number) => count(n, 'frame'),
  },
  verdict: {
    simulated: 'Simulated run: this is not a verdict',
    untrained: 'This is not a verdict',
    above: 'Above the threshold',
    signs: 'Signs of manipulation',
    below: 'Below the threshold',
    noFace: 'No face to judge',
    tooShort: 'Faces too brief to judge',
    inDoubt: 'Too close to call',
    outside: 'Outside of what the model was measured on',
    unstable: 'The verdict does not hold',
    unchecked: 'Whether the verdict holds is not known',
    inconclusive: 'No clear verdict',
    running: 'Not finished yet',
    failed: 'The analysis failed',
    canceled: 'The analysis was cancelled',
  },
  evidence: {
    level: (level: EvidenceLevel) => LEVELS[level],
    unknown: 'how much this score is worth as evidence is not known',
    none: 'no evidence of manipulation found, which guarantees nothing',
    inconclusive: 'inconclusive',
    untrained: 'the model was never trained',
    simulated: 'the scores were made up by a simulated device',
  },
  meaning: {
    above: 'At least one face scored as high as the threshold or higher.',
    below: 'No face scored as high as the threshold.',
    judges: (variant: Variant) => JUDGES[variant],
    lookFirst:
      'Look at the stretches of time that score high, and at where the video comes from, before you draw a conclusion.',
    noGuarantee:
      'Absence of evidence guarantees nothing: new methods, heavy compression or small faces can hide a manipulation.',
    notProbability: NOT_A_PROBABILITY,
    noFace: [
      'No face was found in the frames that were looked at, so there is nothing that this model could judge.',
      'That says nothing about manipulation of anything else in the picture or of the sound.',
    ],
    tooShort: [
      'A face was seen, but never for long enough: sixteen frames in a row are the least that can be judged.',
      'If the video goes on, look at more of it (the option maxFrames 0 takes the whole); otherwise find a longer cut.',
    ],
    untrained: [
      'The model that scored this video has random weights. Its score shows that every step works; it says nothing about the video.',
      'For a verdict, turn trained weights into a model bundle and start the inference worker with STYLEFLOW_BUNDLE=DIR:',
    ],
    simulated: [
      'No network looked at this video: a simulated device answered with made-up numbers, to try the system out.',
    ],
    inDoubt: [
      'The score lies between the two thresholds from which on this model was right often enough when it was measured.',
      NOT_A_PROBABILITY,
    ],
    outside: [
      'The video, or what was asked for, differs from everything on which the errors of this model are known. So its score is no verdict:',
    ],
    unstable: [
      'Clips encoded anew at a usual rate, or at half the size, get another verdict than the same clips as they were cut. So neither is given.',
    ],
    unchecked: [
      'Too few of the clips could be scored once they were encoded anew, so it could not be checked whether the verdict holds. It is not given.',
    ],
    inconclusive: ['The scores do not allow a verdict either way.'],
    running: ['This page fills as soon as the job has ended.'],
    failed: ['No verdict was reached. What stopped the analysis:'],
    canceled: ['Somebody stopped it before it had a result. There is nothing to show.'],
  },
  calibration: {
    never:
      'This model was never calibrated on labelled videos: its threshold and its scores were not checked against videos whose truth is known.',
    neverAll:
      'Not every model that voted was calibrated on labelled videos: thresholds and scores of the others were not checked against videos whose truth is known.',
    on: ({ data, date }: Calibrated) =>
      `Threshold and scores were calibrated on labelled videos (${data}, ${date}). On videos of another kind they may be wrong.`,
  },
  outside: (fact: string, value: string, covered: string, face: string | null) =>
    `${face === null ? '' : `${face}: `}${FACTS[fact] ?? fact} ${value}; calibrated on ${covered}.`,
  unmeasured: 'could not be measured',
  scale: 'highest score of a face, from 0 to 1',
  scaleLabel: (score: string, threshold: string) => `Score ${score} of 1, threshold ${threshold}`,
  doubt: {
    damaged: (damaged: number, used: number) =>
      `The file is damaged: ${number(damaged)} of ${count(used, 'frame')} could not be decoded cleanly. Scores around them are doubtful; look for a better copy.`,
    partial: (missing: number) => `${count(missing, 'clip')} could not be scored; the verdict rests on the others.`,
    note: {
      frames_undecodable: 'Some frames could not be decoded cleanly.',
      frames_missing: 'The video ends before its header says: frames are missing.',
      streams_ignored: 'The file has further video streams, which were not looked at.',
      time_gap: 'The time stamps jump by more than a second; faces are not followed across such a gap.',
      rate_implausible: 'The frame rate or the duration in the header is one that no camera makes.',
    } as Readonly<Record<string, string>>,
    still: (faces: string, one: boolean) =>
      `${faces} never move${one ? 's' : ''}: ${one ? 'it' : 'they'} may be a still picture. The model judges faces in motion; a score of one that does not move means little.`,
    mediaGone: 'The pictures were deleted when their retention was over. What was measured stands.',
  },
  coverage: {
    head: (frames: number, until: string, whole: string, found: string) =>
      `Only the first ${count(frames, 'frame')} ${frames === 1 ? 'was' : 'were'} looked at, about ${until} of ${whole}: ${found}. What comes later is not judged; the option maxFrames 0 takes the whole video.`,
    all: (frames: number, spread: boolean, found: string) =>
      `${count(frames, 'frame')} of the video${spread ? ', spread over its duration,' : ''} ${frames === 1 ? 'was' : 'were'} looked at: ${found}.`,
    found: (faces: number, clips: number) => `${count(faces, 'face')}, ${count(clips, 'clip')} of 32 frames`,
  },
  frames: {
    title: 'Which face is which',
    about: 'Whole frames of the video. A face keeps its number throughout this page.',
    titleOfNone: 'What was looked at',
    aboutNone: 'Whole frames of the video, in none of which a face was followed.',
    at: (time: string, frame: number) => `${time}, frame ${number(frame)}`,
    label: (time: string, faces: string) => `The whole picture at ${time}, with boxes around: ${faces}`,
    nobody: 'nobody that was followed',
    unseen: (faces: string) => `In none of these pictures: ${faces}.`,
    video: 'The video',
  },
  timeline: {
    title: 'Faces over time',
    about: (hasColours: boolean) =>
      `All faces on one axis. A bar is a clip of 32 frames, as high as its score${hasColours ? '; the redder, the higher' : ''}.`,
    several: 'A face begins anew at each cut and after each absence: one person may stand here twice.',
    open: 'A bar that can be clicked leads to that clip below.',
    keys: 'By keyboard: in a row, the arrow keys go from bar to bar and Enter opens.',
    low: 'below the threshold',
    high: 'at the threshold or above',
    neutral: 'scored, without meaning',
    none: 'not scored',
    seen: 'seen, in no clip',
    cut: 'cut',
    threshold: 'threshold',
    notLooked: (from: string) => `not looked at from ${from} on`,
    label: (face: number, extent: string, clips: number, top: string, threshold: string) =>
      `Scores of face ${face} over ${extent}: ${count(clips, 'clip')}, highest ${top}, threshold ${threshold}`,
    bar: (when: string, which: string, value: string) => `${when} · ${which} · ${value}`,
    clips: (first: number, last: number) => (first === last ? `clip ${first}` : `clips ${first}–${last}, highest`),
    crowd: (hidden: number) => `${count(hidden, 'more face')} with less screen time stand in the result only.`,
  },
  faces: {
    title: 'Face by face',
    pictured: (shown: number, all: number) =>
      `Pictures of ${number(shown)} of ${count(all, 'clip')} are on this page, spread evenly, the highest of each face among them.`,
    seen: (from: string, to: string) => `seen from ${from} to ${to}`,
    mostTime: 'most screen time',
    decides: 'decides the verdict',
    still: 'never moves',
    tooShort: 'too short to be judged: that takes 16 frames in a row',
    unused: (n: number) => `${count(n, 'frame')} at the end fill no clip`,
    clipsWithout: 'No clip of this face is shown with its pictures.',
  },
  clips: {
    about: (index: number, first: number, last: number) => `clip ${index}, frames ${first}–${last}`,
    padded: 'mirrored to fill a clip',
    highest: 'highest of this face',
    strip: 'The aligned face in the 32 frames of this clip, in order',
    loop: 'The same as a loop',
    gone: 'The picture of this clip is no longer stored.',
    loading: 'The pictures are being fetched.',
  },
  style: {
    title: 'Style flow',
    about: 'How far each of the 18 style layers moved from one frame to the next; the fuller the colour, the further.',
    coarse: 'coarse',
    middle: 'middle',
    fine: 'fine',
    groups:
      'Coarse layers (1–4) carry pose and shape of the face, middle ones (5–8) its features, fine ones (9–18) colour and skin.',
    least: 'none',
    most: (value: string) => `${value}, the furthest on this page`,
    label: (steps: number, layers: number) => `Style flow: ${steps} steps, ${layers} layers`,
    mean: (value: string) => `mean ${value}`,
    lies: { below: 'below the band', within: 'within the band', above: 'above the band' },
    bandTitle: 'Band of real videos',
    band: (videos: number, clips: number) =>
      `The shaded stretch holds nine of ten clips of the ${count(videos, 'real video')} (${count(clips, 'clip')} looked at) that this model was calibrated on, the thin line their median; the strong line is this clip. One of ten real clips lies outside as well: a clip outside is unusual among those videos, and no sign of manipulation by itself.`,
  },
  attention: {
    title: 'Attention',
    about:
      'Rows: the 16 moments of the clip, two frames each, from top to bottom. Columns: the 16 parts into which the style of the whole clip is cut; they are no moments. The fuller the colour, the more of that part the moment took up; each row adds up to 1.',
    label: 'Attention map, 16 rows and 16 columns',
  },
  basis: {
    title: 'What it rests on, and what would change it',
    decisive: (face: string, clips: number, score: string) =>
      `The score of the video is that of ${face}: ${score}, from the mean of its ${count(clips, 'clip')}.`,
    without: (face: string, score: string, flips: boolean, above: boolean) =>
      `Without ${face} the highest score is ${score}${flips ? `, which is ${above ? 'above' : 'below'} the threshold: the verdict hangs on this face alone.` : ': the label would be the same.'}`,
    alone: 'There is no other face that could be judged.',
    margin: (distance: string, above: boolean) =>
      `It lies ${distance} ${above ? 'above' : 'below'} the threshold; with another threshold the label may differ.`,
    highClips: (high: number, all: number) =>
      all === 1
        ? `Its one clip scored ${high === 1 ? 'as high as the threshold or higher' : 'below the threshold'}.`
        : `${number(high)} of ${count(all, 'clip')} scored as high as the threshold or higher.`,
    more: 'More of the video: the option maxFrames 0 looks at all of it.',
    copy: 'A better copy: each compression takes away what the model looks at.',
    search:
      'Another search for faces: small, turned or covered ones can be missed. The option detection dense looks in every frame; another face detector may find others.',
    model: 'Another model: this one knows what it was trained on.',
    calibrate: 'Calibration: with labelled videos like this one it would be known what the score is worth.',
    train: 'Training: this model knows nothing yet.',
  },
  stability: {
    title: 'Scores after mild re-encoding',
    about:
      'Every clip was scored three times: as it was cut, after H.264 at a usual rate, and after half size and back. The spread is the highest of the three scores less the lowest.',
    state: {
      stable:
        'All three lead to the same label. That does not show that the label is right, and says nothing about stronger or other changes.',
      unstable: 'They do not all lead to the same label.',
      unknown: 'Too few re-encoded clips could be scored to tell whether they lead to the same label.',
      no_verdict: 'There was no verdict that could hold or change.',
    } as Readonly<Record<string, string>>,
    plain: 'As cut',
    h264: 'After H.264',
    half: 'After half size',
    spread: 'Spread',
    video: 'Video',
    label: 'By itself',
    unstable: 'does not hold',
    unknown: 'could not be checked',
  },
  opinions: {
    title: 'What each model says',
    rule: (rule: Rule, fakes: number, votes: number) =>
      votes === 0
        ? 'None of the models voted: those that were never trained, are in doubt or were left out do not.'
        : rule === 'mean'
          ? `${count(votes, 'calibrated model')} voted, ${number(fakes)} of them for fake; the mean of their log odds decides.`
          : votes === 1
            ? `One model voted, for ${fakes === 1 ? 'fake' : 'real'}.`
            : `${number(fakes)} of ${count(votes, 'model')} that voted ${fakes === 1 ? 'says' : 'say'} fake; ${rule === 'majority' ? 'the majority decides' : 'one is enough'}.`,
    disagreed: (models: string) => `Otherwise voted: ${models}.`,
    scale: (rule: Rule): string =>
      rule === 'mean' ? 'combined score of the models, from 0 to 1' : 'share of the votes for fake, from 0 to 1',
    model: 'Model',
    says: 'Says',
    label: { fake: 'fake', real: 'real', inconclusive: 'inconclusive' } as Readonly<Record<string, string>>,
    leftOut: {
      no_workers: 'left out: nobody served it',
      clips_failed: 'left out: too few clips were scored',
    } as Readonly<Record<string, string>>,
    shown: (model: string) => `Faces, clips and times below are shown with the scores of ${model}.`,
  },
  facts: {
    title: 'Facts',
    file: 'The file',
    model: 'The model',
    job: 'The job',
    name: 'Name',
    source: 'Source',
    upload: 'an uploaded file',
    sha256: 'SHA-256',
    size: 'Size',
    format: 'Format',
    sound: 'with sound (not looked at)',
    noSound: 'no sound',
    picture: 'Picture',
    turned: (degrees: number) => `stored turned by ${degrees}°`,
    mirrored: 'stored mirrored',
    rate: 'Frame rate',
    perSecond: (value: string) => `${value} a second`,
    length: 'Length',
    unknown: 'unknown',
    framesUsed: 'Frames looked at',
    damage: 'Damage',
    damaged: (n: number) => `${count(n, 'frame')} could not be decoded cleanly`,
    bundle: 'Model bundle',
    digest: 'Digest',
    kind: 'Kind',
    trained: 'trained',
    untrained: 'not trained',
    threshold: 'Threshold',
    calibration: 'Calibration',
    noCalibration: 'none: score = σ(logit)',
    points: (n: number) => `a rising line through ${count(n, 'point')} (isotonic)`,
    calibrationUnknown: 'not told by this result',
    calibratedOn: 'Calibrated on',
    neverCalibrated: 'no labelled videos',
    ranOn: 'Ran on',
    noClip: 'no clip was scored',
    atOnce: (n: number) => `up to ${count(n, 'clip')} at once`,
    looked: 'Faces looked for',
    adaptive: 'where something happens',
    dense: 'in every frame',
    preprocessing: 'Preprocessing',
    version: 'Version',
    jobId: 'Job',
    rescoreOf: 'Scores again',
    asked: 'Asked for',
    whole: 'the whole video',
    upTo: (frames: number) => `up to ${count(frames, 'frame')}`,
    spread: 'spread over the video',
    allFaces: 'all faces',
    primary: 'the face with most screen time',
    submitted: 'Submitted',
    finished: 'Finished',
    preparation: 'Preparation',
  },
  reproduce: {
    title: 'How to repeat it',
    about:
      'The same file, model bundle and options give the same scores; on another device or at another precision they differ in the last digits. Check the file first, then compare the result:',
    video: 'VIDEO',
  },
  error: {
    stopped: (code: string, title: string | undefined) =>
      title === undefined ? `Error code ${code}` : `${title} (error code ${code})`,
  },
  footer: 'Faces only: sound, text and everything else in the picture were not looked at.',
  extent: ({ from, to }: Extent) => `${from}–${to}`,
};

/** All words of one language. */
export type Words = typeof ENGLISH;
