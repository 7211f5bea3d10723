import type { Words } from './english.js';
import { formatsOf } from './print-words.js';
import type { EvidenceLevel, Variant } from './word-inputs.js';

const { number, dayFormat } = formatsOf('de');
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`;
const frames = (n: number): string => count(n, 'Bild', 'Bilder');
const framesDative = (n: number): string => count(n, 'Bild', 'Bildern');
const faces = (n: number): string => count(n, 'Gesicht', 'Gesichter');
const clips = (n: number): string => count(n, 'Clip', 'Clips');
const LEVELS: Record<EvidenceLevel, string> = {
  weak: 'schwaches Indiz',
  moderate: 'mäßiges Indiz',
  strong: 'starkes Indiz',
  'very-strong': 'sehr starkes Indiz',
};
const JUDGES: Record<Variant, string> = {
  'style-content':
    'Das Modell beurteilt, wie ein Gesicht über 32 Bilder hinweg aussieht, und wie sich seine Stil-Codes von Bild zu Bild bewegen.',
  content: 'Das Modell beurteilt, wie ein Gesicht über 32 Bilder hinweg aussieht. Einen Stilzweig hat es nicht.',
  custom: 'Das Modell ist ein mitgebrachter Klassifikator; worauf er achtet, wissen seine Hersteller.',
};

const FACTS: Readonly<Record<string, string>> = {
  faceWidth: 'Breite des Gesichts in Pixeln',
  sharpness: 'Schärfe des Gesichts',
  yaw: 'Drehung des Kopfes',
  pitch: 'Neigung des Kopfes',
  bitsPerPixel: 'Bits je Pixel',
  fps: 'Bilder je Sekunde',
  durationSeconds: 'Länge in Sekunden',
  faces: 'Gesichter',
  preprocessing: 'die Art, wie Clips geschnitten werden',
};
const NOT_A_PROBABILITY =
  'Der Wert ordnet Videos nach Verdacht; er ist nicht die Wahrscheinlichkeit, dass dieses Video gefälscht ist.';

/** The same in German. */
export const GERMAN: Words = {
  dayFormat,
  number,
  decimal: ',',
  seconds: (text) => text.replace('.', ','),
  date: (day, time) => `${day}, ${time} UTC`,
  report: 'StyleFlow-Bericht',
  score: 'Wert',
  notScored: 'nicht bewertet',
  threshold: (value) => `Schwelle ${value}`,
  face: (n) => `Gesicht ${n}`,
  clip: (n) => `Clip ${n}`,
  count: { faces, clips, frames },
  verdict: {
    simulated: 'Simulierter Lauf: dies ist kein Urteil',
    untrained: 'Dies ist kein Urteil',
    above: 'Über der Schwelle',
    signs: 'Anzeichen einer Manipulation',
    below: 'Unter der Schwelle',
    noFace: 'Kein Gesicht zu beurteilen',
    tooShort: 'Gesichter zu kurz zu sehen',
    inDoubt: 'Zu knapp für ein Urteil',
    outside: 'Außerhalb dessen, woran das Modell gemessen wurde',
    unstable: 'Das Urteil hält nicht stand',
    unchecked: 'Ob das Urteil standhält, ist nicht bekannt',
    inconclusive: 'Kein klares Urteil',
    running: 'Noch nicht fertig',
    failed: 'Die Analyse ist gescheitert',
    canceled: 'Die Analyse wurde abgebrochen',
  },
  evidence: {
    level: (level) => LEVELS[level],
    unknown: 'was dieser Wert als Indiz taugt, ist nicht bekannt',
    none: 'kein Hinweis auf Manipulation gefunden, was nichts garantiert',
    inconclusive: 'ohne Ergebnis',
    untrained: 'das Modell wurde nie trainiert',
    simulated: 'die Werte hat ein simuliertes Gerät erfunden',
  },
  meaning: {
    above: 'Mindestens ein Gesicht erreicht oder übersteigt die Schwelle.',
    below: 'Kein Gesicht erreicht die Schwelle.',
    judges: (variant) => JUDGES[variant],
    lookFirst:
      'Sehen Sie sich die hoch bewerteten Stellen und die Herkunft des Videos an, bevor Sie etwas daraus schließen.',
    noGuarantee:
      'Das Fehlen von Hinweisen garantiert nichts: neue Verfahren, starke Kompression oder kleine Gesichter können eine Manipulation verbergen.',
    notProbability: NOT_A_PROBABILITY,
    noFace: [
      'In den untersuchten Bildern wurde kein Gesicht gefunden; es gibt also nichts, was dieses Modell beurteilen könnte.',
      'Über eine Manipulation von anderem im Bild oder des Tons sagt das nichts.',
    ],
    tooShort: [
      'Ein Gesicht war zu sehen, aber nie lang genug: beurteilt werden kann es ab sechzehn Bildern in Folge.',
      'Geht das Video weiter, untersuchen Sie mehr davon (die Option maxFrames 0 nimmt das ganze); sonst suchen Sie einen längeren Schnitt.',
    ],
    untrained: [
      'Das Modell, das dieses Video bewertet hat, hat zufällige Gewichte. Sein Wert zeigt, dass jeder Schritt funktioniert; über das Video sagt er nichts.',
      'Für ein Urteil machen Sie aus trainierten Gewichten ein Modell-Bundle und starten den Inference-Worker mit STYLEFLOW_BUNDLE=DIR:',
    ],
    simulated: [
      'Kein Netz hat dieses Video angesehen: ein simuliertes Gerät antwortete mit erfundenen Zahlen, um das System zu erproben.',
    ],
    inDoubt: [
      'Der Wert liegt zwischen den beiden Schwellen, ab denen dieses Modell bei der Messung oft genug recht hatte.',
      NOT_A_PROBABILITY,
    ],
    outside: [
      'Das Video, oder was verlangt war, weicht von allem ab, woran die Fehler dieses Modells bekannt sind. Sein Wert ist daher kein Urteil:',
    ],
    unstable: [
      'In üblicher Güte oder in halber Größe neu kodiert bekommen dieselben Clips ein anderes Urteil als so, wie sie ausgeschnitten wurden. Darum wird keines abgegeben.',
    ],
    unchecked: [
      'Neu kodiert konnten zu wenige Clips bewertet werden, um zu prüfen, ob das Urteil standhält. Es wird nicht abgegeben.',
    ],
    inconclusive: ['Die Werte erlauben kein Urteil in die eine oder andere Richtung.'],
    running: ['Diese Seite füllt sich, sobald der Auftrag beendet ist.'],
    failed: ['Es kam zu keinem Urteil. Woran die Analyse gescheitert ist:'],
    canceled: ['Jemand hat sie angehalten, bevor es ein Ergebnis gab. Zu zeigen ist nichts.'],
  },
  calibration: {
    never:
      'Dieses Modell wurde nie an Videos mit bekannter Wahrheit kalibriert: weder seine Schwelle noch seine Werte wurden an solchen geprüft.',
    neverAll:
      'Nicht jedes Modell, das abgestimmt hat, wurde an Videos mit bekannter Wahrheit kalibriert: Schwellen und Werte der übrigen wurden an solchen nie geprüft.',
    on: ({ data, date }) =>
      `Schwelle und Werte wurden an Videos mit bekannter Wahrheit kalibriert (${data}, ${date}). Bei Videos anderer Art können sie falsch sein.`,
  },
  outside: (fact, value, covered, face) =>
    `${face === null ? '' : `${face}: `}${FACTS[fact] ?? fact} ${value}; kalibriert an ${covered}.`,
  unmeasured: 'nicht messbar',
  scale: 'höchster Wert eines Gesichts, von 0 bis 1',
  scaleLabel: (score, threshold) => `Wert ${score} von 1, Schwelle ${threshold}`,
  doubt: {
    damaged: (damaged, used) =>
      `Die Datei ist beschädigt: ${number(damaged)} von ${framesDative(used)} ließen sich nicht sauber dekodieren. Die Werte dort sind zweifelhaft; suchen Sie eine bessere Kopie.`,
    partial: (missing) =>
      `${clips(missing)} ${missing === 1 ? 'konnte' : 'konnten'} nicht bewertet werden; das Urteil beruht auf den übrigen.`,
    note: {
      frames_undecodable: 'Einige Bilder ließen sich nicht sauber dekodieren.',
      frames_missing: 'Das Video endet früher, als sein Kopf sagt: es fehlen Bilder.',
      streams_ignored: 'Die Datei hat weitere Videospuren, die nicht untersucht wurden.',
      time_gap: 'Die Zeitstempel springen um mehr als eine Sekunde; über eine solche Lücke wird kein Gesicht verfolgt.',
      rate_implausible: 'Die Bildrate oder die Dauer im Kopf der Datei ist eine, die keine Kamera erzeugt.',
    },
    still: (who, one) =>
      `${who} ${one ? 'bewegt' : 'bewegen'} sich nie: ${one ? 'es ist' : 'sie sind'} vielleicht ein Standbild. Das Modell beurteilt Gesichter in Bewegung; der Wert eines unbewegten bedeutet wenig.`,
    mediaGone: 'Die Bilder wurden nach Ablauf ihrer Aufbewahrung gelöscht. Was gemessen wurde, bleibt.',
  },
  coverage: {
    head: (n, until, whole, found) =>
      `Untersucht ${n === 1 ? 'wurde' : 'wurden'} nur ${n === 1 ? 'das erste Bild' : `die ersten ${number(n)} Bilder`}, etwa ${until} von ${whole}: ${found}. Was später kommt, ist nicht beurteilt; die Option maxFrames 0 nimmt das ganze Video.`,
    all: (n, spread, found) =>
      `${frames(n)} des Videos${spread ? ', über seine Dauer verteilt,' : ''} ${n === 1 ? 'wurde' : 'wurden'} untersucht: ${found}.`,
    found: (n, m) => `${faces(n)}, ${clips(m)} zu 32 Bildern`,
  },
  frames: {
    title: 'Welches Gesicht welches ist',
    about: 'Ganze Bilder des Videos. Ein Gesicht behält auf dieser Seite seine Nummer.',
    titleOfNone: 'Was angesehen wurde',
    aboutNone: 'Ganze Bilder des Videos, in denen kein Gesicht verfolgt wurde.',
    at: (time, frame) => `${time}, Bild ${number(frame)}`,
    label: (time, who) => `Das ganze Bild bei ${time}, mit Rahmen um: ${who}`,
    nobody: 'niemanden, der verfolgt wurde',
    unseen: (who) => `In keinem dieser Bilder: ${who}.`,
    video: 'Das Video',
  },
  timeline: {
    title: 'Gesichter im Zeitverlauf',
    about: (hasColours) =>
      `Alle Gesichter auf einer Achse. Ein Balken ist ein Clip aus 32 Bildern, so hoch wie sein Wert${hasColours ? '; je röter, desto höher' : ''}.`,
    several:
      'Mit jedem Schnitt und nach jeder Abwesenheit beginnt ein Gesicht neu: ein Mensch kann hier zweimal stehen.',
    open: 'Ein Balken, der sich anklicken lässt, führt zu diesem Clip weiter unten.',
    keys: 'Mit der Tastatur: In einer Zeile führen die Pfeiltasten von Balken zu Balken, die Eingabetaste öffnet.',
    low: 'unter der Schwelle',
    high: 'an oder über der Schwelle',
    neutral: 'bewertet, ohne Bedeutung',
    none: 'nicht bewertet',
    seen: 'zu sehen, in keinem Clip',
    cut: 'Schnitt',
    threshold: 'Schwelle',
    notLooked: (from) => `ab ${from} nicht untersucht`,
    label: (face, extent, n, top, threshold) =>
      `Werte von Gesicht ${face} über ${extent}: ${clips(n)}, höchster ${top}, Schwelle ${threshold}`,
    bar: (when, which, value) => `${when} · ${which} · ${value}`,
    clips: (first, last) => (first === last ? `Clip ${first}` : `Clips ${first}–${last}, höchster`),
    crowd: (hidden) =>
      `${count(hidden, 'weiteres Gesicht', 'weitere Gesichter')} mit weniger Zeit im Bild ${hidden === 1 ? 'steht' : 'stehen'} nur im Ergebnis.`,
  },
  faces: {
    title: 'Gesicht für Gesicht',
    pictured: (shown, all) =>
      `Auf dieser Seite sind Bilder von ${number(shown)} der ${clips(all)}, gleichmäßig verteilt, darunter der höchste jedes Gesichts.`,
    seen: (from, to) => `zu sehen von ${from} bis ${to}`,
    mostTime: 'am längsten im Bild',
    decides: 'entscheidet das Urteil',
    still: 'bewegt sich nie',
    tooShort: 'zu kurz, um beurteilt zu werden: nötig sind 16 Bilder in Folge',
    unused: (n) => `${frames(n)} am Ende ${n === 1 ? 'füllt' : 'füllen'} keinen Clip`,
    clipsWithout: 'Kein Clip dieses Gesichts wird mit seinen Bildern gezeigt.',
  },
  clips: {
    about: (index, first, last) => `Clip ${index}, Bilder ${first}–${last}`,
    padded: 'gespiegelt, um einen Clip zu füllen',
    highest: 'höchster dieses Gesichts',
    strip: 'Das ausgerichtete Gesicht in den 32 Bildern dieses Clips, der Reihe nach',
    loop: 'Dasselbe als Schleife',
    gone: 'Das Bild dieses Clips ist nicht mehr gespeichert.',
    loading: 'Die Bilder werden geholt.',
  },
  style: {
    title: 'Stilfluss',
    about: 'Wie weit sich jede der 18 Stilschichten von Bild zu Bild bewegt hat; je voller die Farbe, desto weiter.',
    coarse: 'grob',
    middle: 'mittel',
    fine: 'fein',
    groups:
      'Grobe Schichten (1–4) tragen Haltung und Form des Gesichts, mittlere (5–8) seine Züge, feine (9–18) Farbe und Haut.',
    least: 'nichts',
    most: (value) => `${value}, das Weiteste auf dieser Seite`,
    label: (steps, layers) => `Stilfluss: ${steps} Schritte, ${layers} Schichten`,
    mean: (value) => `Mittel ${value}`,
    lies: { below: 'unter dem Band', within: 'im Band', above: 'über dem Band' },
    bandTitle: 'Band echter Videos',
    band: (videos, n) =>
      `Die schattierte Strecke enthält neun von zehn Clips der ${number(videos)} echten Videos (${clips(n)} betrachtet), an denen dieses Modell kalibriert wurde, die dünne Linie ist ihr Median; die kräftige Linie ist dieser Clip. Auch von echten Clips liegt einer von zehn außerhalb: ein Clip außerhalb ist unter jenen Videos ungewöhnlich, für sich aber kein Zeichen von Manipulation.`,
  },
  attention: {
    title: 'Aufmerksamkeit',
    about:
      'Zeilen: die 16 Augenblicke des Clips, je zwei Bilder, von oben nach unten. Spalten: die 16 Teile, in die der Stil des ganzen Clips zerlegt ist; sie sind keine Augenblicke. Je voller die Farbe, desto mehr nahm der Augenblick von diesem Teil auf; jede Zeile ergibt 1.',
    label: 'Aufmerksamkeitskarte, 16 Zeilen und 16 Spalten',
  },
  basis: {
    title: 'Worauf es beruht, und was es ändern würde',
    decisive: (who, n, score) =>
      `Der Wert des Videos ist der von ${who}: ${score}, aus dem Mittel ${n === 1 ? 'seines einen Clips' : `seiner ${number(n)} Clips`}.`,
    without: (who, score, flips, above) =>
      `Ohne ${who} ist der höchste Wert ${score}${flips ? `, ${above ? 'über' : 'unter'} der Schwelle: das Urteil hängt an diesem Gesicht allein.` : ': die Einordnung bliebe dieselbe.'}`,
    alone: 'Ein anderes Gesicht, das beurteilt werden könnte, gibt es nicht.',
    margin: (distance, above) =>
      `Er liegt ${distance} ${above ? 'über' : 'unter'} der Schwelle; mit einer anderen Schwelle kann die Einordnung anders ausfallen.`,
    highClips: (high, all) =>
      all === 1
        ? `Der eine Clip ${high === 1 ? 'erreicht die' : 'bleibt unter der'} Schwelle.`
        : `${number(high)} von ${clips(all)} ${high === 1 ? 'erreicht' : 'erreichen'} die Schwelle.`,
    more: 'Mehr vom Video: die Option maxFrames 0 untersucht es ganz.',
    copy: 'Eine bessere Kopie: jede Kompression nimmt etwas von dem weg, worauf das Modell achtet.',
    search:
      'Eine andere Suche nach Gesichtern: kleine, abgewandte oder verdeckte können fehlen. Die Option detection dense sucht in jedem Bild; ein anderer Detektor findet vielleicht weitere.',
    model: 'Ein anderes Modell: dieses kennt, woran es trainiert wurde.',
    calibrate: 'Kalibrierung: an Videos dieser Art mit bekannter Wahrheit zeigte sich, was der Wert taugt.',
    train: 'Training: dieses Modell weiß noch nichts.',
  },
  stability: {
    title: 'Werte nach leichter Neukodierung',
    about:
      'Jeder Clip wurde dreimal bewertet: wie er ausgeschnitten wurde, nach H.264 in üblicher Güte und nach halber Größe und zurück. Die Spanne ist der höchste der drei Werte weniger der niedrigste.',
    state: {
      stable:
        'Alle drei führen zum selben Urteil. Das zeigt nicht, dass es stimmt, und sagt nichts über stärkere oder andere Veränderungen.',
      unstable: 'Sie führen nicht alle zum selben Urteil.',
      unknown: 'Zu wenige neu kodierte Clips konnten bewertet werden, um zu sagen, ob sie zum selben Urteil führen.',
      no_verdict: 'Es gab kein Urteil, das standhalten oder sich ändern könnte.',
    },
    plain: 'Im Original',
    h264: 'Nach H.264',
    half: 'Nach halber Größe',
    spread: 'Spanne',
    video: 'Video',
    label: 'Für sich',
    unstable: 'hält nicht stand',
    unknown: 'konnte nicht geprüft werden',
  },
  opinions: {
    title: 'Was jedes Modell sagt',
    rule: (rule, fakes, votes) =>
      votes === 0
        ? 'Keines der Modelle hat gestimmt: nie trainierte, unschlüssige und ausgelassene tun es nicht.'
        : rule === 'mean'
          ? `${count(votes, 'kalibriertes Modell hat', 'kalibrierte Modelle haben')} gestimmt, ${number(fakes)} davon für gefälscht; es entscheidet das Mittel ihrer logarithmierten Chancen.`
          : votes === 1
            ? `Ein Modell hat gestimmt, für ${fakes === 1 ? 'gefälscht' : 'echt'}.`
            : `${number(fakes)} von ${number(votes)} Modellen, die stimmen, sagen gefälscht; ${rule === 'majority' ? 'die Mehrheit entscheidet' : 'eines genügt'}.`,
    disagreed: (models) => `Anders gestimmt haben: ${models}.`,
    scale: (rule) =>
      rule === 'mean' ? 'gemeinsamer Wert der Modelle, von 0 bis 1' : 'Anteil der Stimmen für gefälscht, von 0 bis 1',
    model: 'Modell',
    says: 'Sagt',
    label: { fake: 'gefälscht', real: 'echt', inconclusive: 'unentschieden' },
    leftOut: {
      no_workers: 'ausgelassen: niemand stellte es bereit',
      clips_failed: 'ausgelassen: zu wenige Clips wurden bewertet',
    },
    shown: (model) => `Gesichter, Clips und Zeiten sind unten mit den Werten von ${model} gezeigt.`,
  },
  facts: {
    title: 'Tatsachen',
    file: 'Die Datei',
    model: 'Das Modell',
    job: 'Der Auftrag',
    name: 'Name',
    source: 'Quelle',
    upload: 'eine hochgeladene Datei',
    sha256: 'SHA-256',
    size: 'Größe',
    format: 'Format',
    sound: 'mit Ton (nicht untersucht)',
    noSound: 'ohne Ton',
    picture: 'Bild',
    turned: (degrees) => `um ${degrees}° gedreht gespeichert`,
    mirrored: 'gespiegelt gespeichert',
    rate: 'Bildrate',
    perSecond: (value) => `${value} je Sekunde`,
    length: 'Länge',
    unknown: 'unbekannt',
    framesUsed: 'Untersuchte Bilder',
    damage: 'Schäden',
    damaged: (n) => `${frames(n)} ließ${n === 1 ? '' : 'en'} sich nicht sauber dekodieren`,
    bundle: 'Modell-Bundle',
    digest: 'Prüfsumme',
    kind: 'Art',
    trained: 'trainiert',
    untrained: 'nicht trainiert',
    threshold: 'Schwelle',
    calibration: 'Kalibrierung',
    noCalibration: 'keine: Wert = σ(Logit)',
    points: (n) => `eine steigende Linie durch ${count(n, 'Punkt', 'Punkte')} (isotonisch)`,
    calibrationUnknown: 'von diesem Ergebnis nicht genannt',
    calibratedOn: 'Kalibriert an',
    neverCalibrated: 'keinen Videos mit bekannter Wahrheit',
    ranOn: 'Gerechnet auf',
    noClip: 'kein Clip wurde bewertet',
    atOnce: (n) => `bis zu ${clips(n)} auf einmal`,
    looked: 'Gesichter gesucht',
    adaptive: 'wo etwas geschieht',
    dense: 'in jedem Bild',
    preprocessing: 'Vorverarbeitung',
    version: 'Version',
    jobId: 'Auftrag',
    rescoreOf: 'Bewertet erneut',
    asked: 'Verlangt',
    whole: 'das ganze Video',
    upTo: (n) => `bis zu ${framesDative(n)}`,
    spread: 'über das Video verteilt',
    allFaces: 'alle Gesichter',
    primary: 'das Gesicht mit der meisten Zeit im Bild',
    submitted: 'Eingereicht',
    finished: 'Beendet',
    preparation: 'Vorbereitung',
  },
  reproduce: {
    title: 'Wie man es wiederholt',
    about:
      'Dieselbe Datei, dasselbe Modell-Bundle und dieselben Optionen ergeben dieselben Werte; auf einem anderen Gerät oder mit anderer Genauigkeit weichen die letzten Stellen ab. Prüfen Sie erst die Datei, dann vergleichen Sie das Ergebnis:',
    video: 'VIDEO',
  },
  error: {
    stopped: (code, title) => (title === undefined ? `Fehlercode ${code}` : `${title} (Fehlercode ${code})`),
  },
  footer: 'Nur Gesichter: Ton, Text und alles andere im Bild wurden nicht untersucht.',
  extent: ({ from, to }) => `${from}–${to}`,
};
