/** A TOML text with a place for a key: at the end of its section, or before the first one. */
export function withEmpty(text: string, key: string): string {
  const cut = key.lastIndexOf(".");
  const [section, name] = cut < 0 ? ["", key] : [key.slice(0, cut), key.slice(cut + 1)];
  const lines = text.split("\n");
  const header = section === "" ? -1 : lines.findIndex((line) => line.trim() === `[${section}]`);
  if (section !== "" && header < 0) return `${text.trimEnd()}\n\n[${section}]\n${name} = ""\n`;
  lines.splice(header + 1, 0, `${name} = ""`);
  return lines.join("\n");
}
