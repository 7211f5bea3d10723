import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { theme } from '../app/appearance.js';
import { useStore } from '../app/store.js';

interface ChartProps {
  /** For those who do not see it. */
  readonly label: string;
  readonly data: uPlot.AlignedData;
  /** Everything but size and colours of axes. `color` resolves a custom property of the style sheet. */
  readonly make: (color: (name: string) => string) => Omit<uPlot.Options, 'width' | 'height'>;
}

const HEIGHT = 220;

/** A chart on a canvas, as wide as its place, in the colours of the page. */
export default function Chart({ label, data, make }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const chosen = useStore(theme);
  // Made again where colours or kind change; new data alone are set.
  // biome-ignore lint/correctness/useExhaustiveDependencies: data have an effect of their own
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const draw = (): void => {
      chart.current?.destroy();
      const styles = getComputedStyle(element);
      const color = (name: string): string => styles.getPropertyValue(name).trim();
      // Custom properties keep light-dark() as it is written; a probe resolves it.
      const resolved = (name: string): string => resolveColor(element, color(name));
      const options = make(resolved);
      const axis = {
        stroke: resolved('--ink-soft'),
        grid: { stroke: resolved('--line'), width: 1 },
        ticks: { show: false },
      };
      const axes = (options.axes ?? [{}, {}]).map((each) => ({ ...axis, ...each }));
      chart.current = new uPlot({ ...options, axes, width: element.clientWidth, height: HEIGHT }, data, element);
    };
    draw();
    const observer = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      observer.disconnect();
      dark.removeEventListener('change', draw);
      chart.current?.destroy();
      chart.current = null;
    };
  }, [chosen, make]);
  useEffect(() => chart.current?.setData(data), [data]);
  return <div ref={place} className="chart" role="img" aria-label={label} />;
}

function resolveColor(parent: HTMLElement, color: string): string {
  const probe = document.createElement('span');
  probe.style.color = color;
  parent.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
