import { runProgram } from "./cli/program.js";
import { computroniumRuntime } from "./runtime.js";

await runProgram({ runtime: computroniumRuntime });
