// Bars: upright for days, lying for names. Drawn by uPlot on a canvas in the colours of the theme; who cannot see them reads
// the table that stands beside each.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { theme } from "../../theme";

export interface Bar { name: string; value: number }

const ROW = 34;
/** Pixels of a lying bar with the room around it. */
const HEIGHT = 220;

export function Bars({ label, bars, lying = false, say }: {
  label: string; bars: readonly Bar[]; lying?: boolean; say: (value: number) => string;
}) {
  const room = useRef<HTMLDivElement>(null), said = useRef(say);
  said.current = say;
  const key = JSON.stringify(bars);
  useEffect(() => {
    const box = room.current;
    if (!box || !bars.length) return undefined;
    let plot: uPlot | null = null;
    const draw = () => {
      plot?.destroy();
      if (box.clientWidth) plot = new uPlot(options(box, bars, lying, (value) => said.current(value)), data(bars), box);
    };
    const resized = new ResizeObserver(draw), dark = matchMedia("(prefers-color-scheme: dark)");
    resized.observe(box);
    dark.addEventListener("change", draw);
    return () => { resized.disconnect(); dark.removeEventListener("change", draw); plot?.destroy(); };
  }, [key, lying, theme.value]);
  return <div class="usage-chart" role="img" aria-label={label} ref={room} style={{ height: `${tall(bars, lying)}px` }} />;
}

function tall(bars: readonly Bar[], lying: boolean): number {
  return lying ? bars.length * ROW + 30 : HEIGHT;
}

function data(bars: readonly Bar[]): uPlot.AlignedData {
  return [bars.map((_, at) => at), bars.map((each) => each.value)];
}

function options(box: HTMLElement, bars: readonly Bar[], lying: boolean, say: (value: number) => string): uPlot.Options {
  const style = getComputedStyle(box), colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`, names = Math.max(90, Math.min(220, box.clientWidth * 0.34));
  const most = Math.max(...bars.map((each) => each.value), 0);
  const every = lying ? 1 : Math.max(1, Math.ceil(bars.length / Math.max(2, Math.floor(box.clientWidth / 92))));
  const drawn = uPlot.paths.bars;
  return {
    width: box.clientWidth, height: tall(bars, lying), legend: { show: false }, cursor: { show: false }, padding: [8, lying ? 16 : 30, 0, 0],
    scales: {
      x: { time: false, ori: lying ? 1 : 0, dir: lying ? -1 : 1, range: () => [-0.5, bars.length - 0.5] },
      y: { ori: lying ? 0 : 1, range: () => [0, most > 0 ? most * 1.08 : 1] },
    },
    axes: [
      {
        side: lying ? 3 : 2, stroke: colour("--text-soft"), font, size: lying ? names : 28, gap: 8, grid: { show: false }, ticks: { show: false },
        splits: () => bars.map((_, at) => at).filter((at) => at % every === 0),
        values: (_, splits) => splits.map((at) => fitting(bars[at]?.name ?? "", lying ? names / 7.4 : 99)),
      },
      {
        side: lying ? 2 : 3, stroke: colour("--text-faint"), font, size: lying ? 26 : 62, gap: 6, space: lying ? 90 : 44, ticks: { show: false },
        grid: { stroke: colour("--line"), width: 1 }, values: (_, splits) => splits.map(say),
      },
    ],
    series: [{}, { fill: colour("--accent"), stroke: colour("--accent"), width: 0, points: { show: false }, ...(drawn ? { paths: drawn({ size: [0.62, lying ? 20 : 44], radius: 0.18 }) } : {}) }],
  };
}

/** The end of a long name says more than its beginning. */
function fitting(name: string, most: number): string {
  return name.length > most ? `…${name.slice(Math.ceil(name.length - most + 1))}` : name;
}
