/** ANSI styles, where the output is a terminal that wants them (https://no-color.org). */
const isTerminal = process.stdout.isTTY === true;
const hasColor = isTerminal && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";

const style =
  (open: number, close: number) =>
  (text: string): string =>
    hasColor ? `\u001b[${open}m${text}\u001b[${close}m` : text;

export const bold = style(1, 22);
export const dim = style(2, 22);
export const red = style(31, 39);
export const green = style(32, 39);
export const yellow = style(33, 39);
export const blue = style(34, 39);
export const magenta = style(35, 39);
export const cyan = style(36, 39);

const ESCAPE = /\u001b\[\d+m/g;

/** Pads to a width in columns, styles not counted. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - text.replace(ESCAPE, "").length));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - text.replace(ESCAPE, "").length)) + text;
}

/** Cuts to a width in columns; styles end with the text. */
function clip(text: string, width: number): string {
  let columns = 0;
  let out = "";
  for (const part of text.split(/(\u001b\[\d+m)/)) {
    if (part.startsWith("\u001b")) out += part;
    else {
      out += part.slice(0, Math.max(0, width - columns));
      columns += part.length;
    }
  }
  return out;
}

/**
 * What the demo prints: lines that stay, and below them, on a terminal, a panel that is drawn anew. Elsewhere there are
 * only the lines.
 */
export class Screen {
  readonly isLive = isTerminal;
  #panel: readonly string[] = [];
  #drawn = 0;

  line(text = ""): void {
    this.#erase();
    process.stdout.write(`${text}\n`);
    this.#draw();
  }

  /** Shows these lines at the bottom from now on. */
  panel(lines: readonly string[]): void {
    if (!this.isLive) return;
    this.#erase();
    this.#panel = lines;
    this.#draw();
  }

  #erase(): void {
    if (this.#drawn === 0) return;
    process.stdout.write(`\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }

  #draw(): void {
    if (!this.isLive || this.#panel.length === 0) return;
    const columns = process.stdout.columns || 80; // 0 where the terminal does not say
    process.stdout.write(this.#panel.map((text) => `${clip(text, columns - 1)}\n`).join(""));
    this.#drawn = this.#panel.length;
  }
}

const UNIT = 1_000_000n;

/** 1234567n → "1.234567"; whole coins without a point. */
export function coins(amount: bigint): string {
  const sign = amount < 0n ? "-" : "";
  const absolute = amount < 0n ? -amount : amount;
  const fraction = (absolute % UNIT).toString().padStart(6, "0").replace(/0+$/, "");
  const whole = (absolute / UNIT).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}
