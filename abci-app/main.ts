import { runProgram } from "./cli/program.js";
import { VERSION } from "./version.js";

// The application is loaded by the commands that need it; the others answer at once.
await runProgram({
  version: VERSION,
  loadRuntime: async () => (await import("./runtime.js")).computroniumRuntime,
});
