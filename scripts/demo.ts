/**
 * `make demo`: four validators, three provider programs and three agents on this machine. Agents buy compute, providers
 * run their jobs, and at the end every balance is checked against books that the demo keeps for itself.
 *
 * On a terminal the network stays up afterwards, to play with, until Ctrl-C. Elsewhere the demo ends by itself. Exit
 * status 0: everything was as it must be; 1: something was not; 130: interrupted before the end.
 */
import { Demo } from "./demo/demo.js";

const demo = new Demo();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => demo.interrupt());
process.exit(await demo.run());
