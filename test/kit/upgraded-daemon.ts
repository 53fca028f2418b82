import { runProgram } from "../../abci-app/cli/program.js";
import { createRuntime } from "../../abci-app/runtime.js";
import { wireNew, wireOld } from "./upgraded.js";

/** The daemon before an upgrade or, with COMPUTRONIUM_TEST_BUILD=new, after it. */
await runProgram({ runtime: createRuntime(process.env["COMPUTRONIUM_TEST_BUILD"] === "new" ? wireNew : wireOld) });
