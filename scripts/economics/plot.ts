/** A line of a plot: a value for each point of time, in order. */
export interface Line {
  readonly name: string;
  readonly values: readonly number[];
}

export interface Plot {
  readonly title: string;
  /** What the values are, with their unit. */
  readonly yLabel: string;
  /** The last point of time, in years; the first is 0, and all are equally far apart. */
  readonly years: number;
  readonly lines: readonly Line[];
  /** Whether the axis begins with 0 even if all values are far above. */
  readonly fromZero?: boolean;
}

const WIDTH = 760;
const HEIGHT = 380;
const LEFT = 78;
const RIGHT = 96;
const TOP = 52;
const BOTTOM = 46;
/** Between the marks of an axis. */
const MOST_STEPS = 6;
/** Dark enough for white paper and light enough for a dark page; told apart by their dashes, too. */
const STYLES = [
  { colour: "#2f81f7", dashes: "" },
  { colour: "#2da44e", dashes: "8 3" },
  { colour: "#d1572f", dashes: "2 3" },
] as const;

/** A line chart with axes, a legend and labels, as an SVG of its own. The same input gives the same bytes. */
export function drawPlot({ title, yLabel, years, lines, fromZero = false }: Plot): string {
  const all = lines.flatMap(({ values }) => values);
  const ticks = axisTicks(fromZero ? Math.min(0, ...all) : Math.min(...all), Math.max(...all));
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const x = (year: number) => LEFT + (year / years) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    "<style>",
    "text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-weight:600;font-size:15px}",
    ".grid{stroke:#8b949e;stroke-opacity:.3}.axis{stroke:#8b949e}",
    "@media (prefers-color-scheme:dark){text{fill:#adbac7}}",
    "</style>",
    `<text class="title" x="${LEFT}" y="20">${escaped(title)}</text>`,
    `<text x="${LEFT}" y="40">${escaped(yLabel)}</text>`,
  ];
  for (const tick of ticks) {
    const at = fixed(y(tick));
    parts.push(`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>`);
    parts.push(`<text x="${LEFT - 8}" y="${fixed(y(tick) + 4)}" text-anchor="end">${shortNumber(tick)}</text>`);
  }
  for (let year = 0; year <= years; year++) {
    parts.push(`<text x="${fixed(x(year))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${year}</text>`);
  }
  const bottom = HEIGHT - BOTTOM;
  parts.push(`<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${bottom}" y2="${bottom}"/>`);
  parts.push(`<text x="${fixed(x(years / 2))}" y="${HEIGHT - 8}" text-anchor="middle">years since genesis</text>`);
  lines.forEach(({ name, values }, i) => {
    const { colour, dashes } = STYLES[i % STYLES.length]!;
    const dash = dashes === "" ? "" : ` stroke-dasharray="${dashes}"`;
    const points = values.map((value, at) => `${fixed(x((at / (values.length - 1)) * years))},${fixed(y(value))}`);
    parts.push(`<polyline fill="none" stroke="${colour}" stroke-width="2"${dash} points="${points.join(" ")}"/>`);
    const legend = TOP + 8 + i * 20;
    const from = WIDTH - RIGHT + 10;
    parts.push(
      `<line x1="${from}" x2="${from + 22}" y1="${legend}" y2="${legend}" stroke="${colour}" stroke-width="2"${dash}/>`,
      `<text x="${from + 28}" y="${legend + 4}">${escaped(name)}</text>`,
    );
  });
  return `${parts.join("\n")}\n</svg>\n`;
}

/** Round values around the range, at the least distance of 1, 2 or 5 times a power of ten at which there are at most eight of them. */
export function axisTicks(low: number, high: number): readonly number[] {
  const span = high > low ? high - low : Math.max(1, high);
  let power = 1;
  while (power * MOST_STEPS < span) power *= 10;
  while (power * MOST_STEPS >= span) power /= 10;
  const step = power * [1, 2, 5, 10].find((times) => power * times * MOST_STEPS >= span)!;
  const ticks: number[] = [];
  for (let i = Math.floor(low / step); ; i++) {
    ticks.push(cleaned(i * step, step));
    if (i * step >= high && ticks.length > 1) return ticks;
  }
}

/** Without what binary fractions add. */
function cleaned(value: number, step: number): number {
  return Number(value.toFixed(step < 1 ? 6 : 0));
}

/** `1.25 M` and the like. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${trimmed(value / 1e9)} G`;
  if (size >= 1e6) return `${trimmed(value / 1e6)} M`;
  if (size >= 1e4) return `${trimmed(value / 1e3)} k`;
  return trimmed(value);
}

function trimmed(value: number): string {
  return value.toFixed(4).replace(/\.?0+$/, "");
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
