/** Settings by `section.key`, or `key` for those above the first section. */
export type TomlChanges = Readonly<Record<string, string | number | boolean>>;

/**
 * Changes settings in a configuration file, and leaves its comments where they are. Every setting must be there already:
 * one that was renamed is an error, not a line without effect.
 */
export function changeToml(text: string, changes: TomlChanges): string {
  const left = new Map(Object.entries(changes));
  let section = "";
  const lines = text.split("\n").map((line) => {
    const header = /^\[([^[\]]+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) section = `${header}.`;
    const key = /^([A-Za-z0-9_-]+)\s*=/.exec(line)?.[1];
    if (key === undefined) return line;
    const value = left.get(section + key);
    if (value === undefined || !left.delete(section + key)) return line;
    return `${key} = ${JSON.stringify(value)}`;
  });
  if (left.size > 0) throw new Error(`no such setting in the file: ${[...left.keys()].join(", ")}`);
  return lines.join("\n");
}
