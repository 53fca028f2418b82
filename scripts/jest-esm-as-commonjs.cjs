/**
 * cosmjs is CommonJS and requires packages that are ES modules only. Node 20.19 can do that, jest cannot before Node 24.9:
 * for jest, those packages are turned into CommonJS when they are required, and left alone when they are imported.
 */
const { transformSync } = require("esbuild");

module.exports = {
  process(source, path, { supportsStaticESM }) {
    if (supportsStaticESM) return { code: source };
    const { code } = transformSync(source, { format: "cjs", target: "node20", sourcefile: path });
    return { code };
  },
};
