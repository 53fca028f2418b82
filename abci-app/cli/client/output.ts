import { InvalidArgumentError } from "commander";

/** How results are printed. */
export type OutputFormat = "text" | "json";

/** JSON on one line, or the same as YAML. */
export async function formatted(value: unknown, format: OutputFormat): Promise<string> {
  if (format === "json") return JSON.stringify(value);
  const { stringify } = await import("yaml");
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}

/** For options that take a format. */
export function parseFormat(text: string): OutputFormat {
  if (text === "text" || text === "json") return text;
  throw new InvalidArgumentError("text or json");
}
