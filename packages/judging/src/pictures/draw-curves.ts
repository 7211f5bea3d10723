import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import sharp from 'sharp';
import { precisionRecallPoints } from '../metrics/precision-recall.js';
import { RELIABILITY_BINS, reliabilityBins } from '../metrics/probability-errors.js';
import { rocPoints } from '../metrics/roc.js';
import { countsOf, type LabelledScore } from '../metrics/score-counts.js';

echarts.use([LineChart, BarChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const SIZE = { width: 560, height: 480 };
/** Colours that people with any colour vision tell apart (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
/** Of a PNG, for screens with small pixels and for print. */
const PNG_DENSITY = 144;
/** More points than pixels only make a file heavy. */
const POINTS_MAX = 600;

/** Scores of one group of videos. */
export interface NamedScores {
  readonly name: string;
  readonly scores: readonly LabelledScore[];
}

export interface Picture {
  /** Without ending. */
  readonly file: 'roc' | 'precision-recall' | 'reliability' | 'histogram';
  readonly title: string;
  readonly svg: string;
}

/** The four pictures of a run. The first of `groups` is all videos. Groups with one class only have no curve. */
export function drawPictures(groups: readonly NamedScores[], protocol: string): Picture[] {
  const [all] = groups;
  const shown = groups.slice(0, COLOURS.length);
  const lines = (points: (scores: readonly LabelledScore[]) => [number, number][]) =>
    shown.map(({ name, scores }) => line(name, thin(points(scores))));
  return [
    picture('roc', `ROC (${protocol})`, 'false-positive rate', 'true-positive rate', [
      ...lines((scores) => rocPoints(countsOf(scores)).map(({ fpr, tpr }) => [fpr, tpr])),
      diagonal('chance'),
    ]),
    picture('precision-recall', `Precision and recall (${protocol})`, 'recall', 'precision', [
      ...lines((scores) =>
        precisionRecallPoints(countsOf(scores)).map(({ recall, precision }): [number, number] => [recall, precision]),
      ),
    ]),
    picture('reliability', `Reliability (${protocol})`, 'mean score in the bin', 'share of fakes', [
      ...lines((scores) =>
        reliabilityBins(countsOf(scores)).flatMap(({ meanScore, fakeShare }): [number, number][] =>
          meanScore === null || fakeShare === null ? [] : [[meanScore, fakeShare]],
        ),
      ).map((each) => ({ ...each, showSymbol: true })),
      diagonal('a score that keeps its word'),
    ]),
    histogram(all?.scores ?? [], `Scores (${protocol})`),
  ];
}

/** The picture as PNG. Letters need a font on this machine; without one they are left out. */
export function toPng({ svg }: Picture): Promise<Uint8Array> {
  return sharp(Buffer.from(svg), { density: PNG_DENSITY }).png({ palette: true }).toBuffer();
}

function line(name: string, data: [number, number][]) {
  return { type: 'line' as const, name, data, showSymbol: false, lineStyle: { width: 2 } };
}

function diagonal(name: string) {
  const ends: [number, number][] = [
    [0, 0],
    [1, 1],
  ];
  return {
    ...line(name, ends),
    lineStyle: { type: 'dashed' as const, color: '#999', width: 1 },
    itemStyle: { color: '#999' },
  };
}

function picture(
  file: Picture['file'],
  title: string,
  x: string,
  y: string,
  series: readonly ReturnType<typeof line>[],
): Picture {
  const axis = (name: string) => ({
    ...{ type: 'value' as const, min: 0, max: 1, name, nameLocation: 'middle' as const, nameGap: 30 },
  });
  return { file, title, svg: render({ title: { text: title }, xAxis: axis(x), yAxis: axis(y), series }) };
}

function histogram(scores: readonly LabelledScore[], title: string): Picture {
  const bins = RELIABILITY_BINS * 2;
  const countsFor = (isFake: boolean): number[] => {
    const counts = new Array<number>(bins).fill(0);
    for (const { score } of scores.filter((each) => each.isFake === isFake)) {
      const bin = Math.min(bins - 1, Math.floor(score * bins));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  const series = [
    { type: 'bar', name: 'real', data: countsFor(false), barGap: 0 },
    { type: 'bar', name: 'fake', data: countsFor(true) },
  ];
  const names = Array.from({ length: bins }, (_, bin) => (bin / bins).toFixed(2));
  const middle = { nameLocation: 'middle', nameGap: 30 };
  const svg = render({
    title: { text: title },
    xAxis: { type: 'category', data: names, name: 'score, from', ...middle },
    yAxis: { type: 'value', name: 'videos', minInterval: 1, ...middle, nameGap: 40 },
    series,
  });
  return { file: 'histogram', title, svg };
}

function render(option: Record<string, unknown>): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  try {
    chart.setOption({
      ...{ animation: false, color: COLOURS, backgroundColor: '#fff', legend: { bottom: 0, type: 'plain' } },
      ...{ grid: { left: 60, right: 24, top: 48, bottom: 90 } },
      ...option,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** Every so many points, the first and the last among them. */
function thin(points: [number, number][]): [number, number][] {
  const step = Math.ceil(points.length / POINTS_MAX);
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}
