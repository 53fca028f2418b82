// Prints the path of the pinned CometBFT, after finding, building or downloading it. For scripts and for CI to do early.
import { provideCometBft } from "../abci-app/node/cometbft-binary.js";

const say = (message: string): void => void process.stderr.write(`${message}\n`);
process.stdout.write(`${await provideCometBft({ env: process.env, say })}\n`);
