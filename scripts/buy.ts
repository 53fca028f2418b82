/**
 * Buys one job on a running network: `node dist/scripts/buy.js NAME primes|hashes|matrices SIZE`.
 *
 * The environment says where and who: `RPC`, and the words of `NAME_MNEMONIC`, as `localnet.env` of a localnet sets them.
 */
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { ComputroniumClient } from "@computronium/client";

import { buyCompute } from "./demo/agent.js";
import { GAS_PRICE, DENOM } from "./demo/cast.js";
import type { DemoJob } from "./demo/jobs.js";
import { countPrimes, hashChain, multiplyMatrices } from "./demo/jobs.js";
import { coins } from "./demo/terminal.js";

const JOBS: Readonly<Record<string, (size: number) => DemoJob>> = {
  primes: countPrimes,
  hashes: (rounds) => hashChain("Computronium", rounds),
  matrices: multiplyMatrices,
};

const [name = "", kind = "", sizeText = ""] = process.argv.slice(2);
const makeJob = JOBS[kind];
const size = Number(sizeText);
const rpc = process.env["RPC"];
const mnemonic = process.env[`${name.toUpperCase()}_MNEMONIC`];
if (makeJob === undefined || !Number.isInteger(size) || size < 1 || rpc === undefined || mnemonic === undefined) {
  console.error("usage: . DIR/localnet.env; node dist/scripts/buy.js NAME primes|hashes|matrices SIZE");
  process.exit(2);
}

const signer = await Secp256k1HdWallet.fromMnemonic(mnemonic, { prefix: "cptm" });
const client = await ComputroniumClient.connect(rpc, { signer, gasPrice: `${GAS_PRICE.text}${DENOM}` });
const before = await client.bank.balance(client.address, DENOM);
const job = makeJob(size);
console.log(`${name} wants to ${job.title}, and has ${coins(before)} CPTM`);
const role = {
  name,
  wants: "the cheapest",
  job,
  requirements: {},
  maxPrice: "40000ucptm",
  budget: "2400000ucptm",
  bidders: 1,
} as const;
const { lease } = await buyCompute(role, mnemonic, client, (text) => console.log(`${name} ${text}`));
const after = await client.bank.balance(client.address, DENOM);
console.log(
  `lease ${lease.id} with ${lease.provider}: ${lease.acceptedSeconds} s for ${coins(BigInt(lease.paid))} CPTM`,
);
console.log(`${name} has ${coins(after)} CPTM, ${coins(before - after)} less, fees included`);
client.disconnect();
