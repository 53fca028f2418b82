import { runProgram } from "../../abci-app/cli/program.js";
import { computroniumRuntime } from "../../abci-app/runtime.js";

/**
 * The daemon, which ends itself with SIGKILL at a Commit: DIE_AT_COMMIT is "before:3" (between FinalizeBlock and Commit of the
 * third block with transactions since the start) or "after:3" (when its state is committed and CometBFT has not heard of it).
 */
const [moment, count] = (process.env["DIE_AT_COMMIT"] ?? "").split(":");

await runProgram({
  runtime: {
    ...computroniumRuntime,
    async open(options) {
      const opened = await computroniumRuntime.open(options);
      const { app } = opened;
      const commit = app.commit.bind(app);
      const finalizeBlock = app.finalizeBlock.bind(app);
      let blocks = 0;
      let isLast = false;
      app.finalizeBlock = async (request) => {
        if (request.txs.length > 0) isLast = ++blocks === Number(count);
        return finalizeBlock(request);
      };
      app.commit = (request) => {
        if (isLast && moment === "before") process.kill(process.pid, "SIGKILL");
        const response = commit(request);
        if (isLast && moment === "after") process.kill(process.pid, "SIGKILL");
        return response;
      };
      return opened;
    },
  },
});
