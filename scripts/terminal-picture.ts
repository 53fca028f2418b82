/**
 * Draws what a program printed as a picture of a terminal (SVG), for the README:
 *
 *   node dist/scripts/demo.js | node dist/scripts/terminal-picture.js docs/demo.svg
 */
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";

const CHAR_WIDTH = 7.8;
const LINE_HEIGHT = 17;
const MARGIN = 16;
const COLUMNS = 122;

const [output] = process.argv.slice(2);
if (output === undefined) {
  console.error("usage: PROGRAM | terminal-picture OUTPUT.svg");
  process.exit(2);
}

const printed = await text(process.stdin);
const lines = printed
  .trimEnd()
  .split("\n")
  .map((line) => line.slice(0, COLUMNS));
const width = MARGIN * 2 + CHAR_WIDTH * COLUMNS;
const height = MARGIN * 2 + LINE_HEIGHT * lines.length;

/** The number of the block in grey, results in green, the rest as it is. */
function spans(line: string): string {
  const block = /^(\s*(?:\d+|·)\s\s?)(.*)$/.exec(line);
  const [margin, rest] = block === null ? ["", line] : [block[1]!, block[2]!];
  const colour = rest.includes("✓") || rest.includes("is settled") ? ' fill="#7ee787"' : "";
  return `<tspan fill="#8b949e">${escape(margin)}</tspan><tspan${colour}>${escape(rest)}</tspan>`;
}

function escape(raw: string): string {
  return raw.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

const rows = lines.map(
  (line, i) => `<text x="${MARGIN}" y="${MARGIN + LINE_HEIGHT * (i + 0.8)}" xml:space="preserve">${spans(line)}</text>`,
);
writeFileSync(
  output,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#e6edf3">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${rows.join("\n")}
</svg>
`,
);
