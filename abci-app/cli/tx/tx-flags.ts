import type { Command } from "commander";
import { Option } from "commander";

import type { CoinMessage } from "../../../core/math/coins.js";
import { coinMessages, isDenom, parseCoinsText } from "../../../core/math/coins.js";
import type { Dec } from "../../../core/math/dec.js";
import { parseDec } from "../../../core/math/dec.js";
import { addKeyringFlags, addNodeFlag, addOutputFlag } from "../client/client-flags.js";
import { nanosOfDuration } from "../proto/duration.js";

/** What a transaction gets when nobody says anything else, as in the SDK. */
const DEFAULT_GAS = 200_000n;
/** A simulation does not see the signature's own bytes, and the state may move before the block. */
const DEFAULT_GAS_ADJUSTMENT = "1.3";

/** A price of gas in one denom. */
export interface GasPriceFlag {
  readonly denom: string;
  readonly amount: Dec;
}

/** The flags of every command that makes a transaction, checked. */
export interface TxFlags {
  readonly from: string | undefined;
  readonly fees: readonly CoinMessage[] | undefined;
  readonly gasPrices: readonly GasPriceFlag[] | undefined;
  readonly gas: bigint | "auto";
  readonly gasAdjustment: Dec;
  readonly memo: string;
  readonly accountNumber: bigint | undefined;
  readonly sequence: bigint | undefined;
  readonly timeoutHeight: bigint;
  readonly timeoutNanos: bigint | undefined;
  readonly unordered: boolean;
  readonly feePayer: string;
  readonly feeGranter: string;
  readonly signMode: "direct" | "amino-json" | undefined;
  readonly generateOnly: boolean;
  readonly offline: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** A flag that does not fit, or does not go with another one. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

type FlagSpec = readonly [flags: string, help: string, choices?: readonly string[]];

/** What goes into a transaction. */
const CONTENT_FLAGS: readonly FlagSpec[] = [
  ["--fees <coins>", "what is paid for it, such as 500ucptm"],
  ["--gas-prices <prices>", "price of a unit of gas, such as 0.0025ucptm, in place of --fees"],
  ["--gas <limit>", `most gas it may use, or auto to find out by simulation (default: ${DEFAULT_GAS})`],
  ["--gas-adjustment <factor>", `factor on what a simulation used (default: ${DEFAULT_GAS_ADJUSTMENT})`],
  ["--note <text>", "memo of the transaction; --memo is the same"],
  ["--timeout-height <height>", "it is void after this block"],
  ["--timeout-duration <duration>", "it is void after so long, such as 5m"],
  ["--fee-payer <address>", "who pays the fee in place of the signer, and signs too"],
  ["--fee-granter <address>", "who has granted the fee"],
];

const SIGN_FLAGS: readonly FlagSpec[] = [
  ["--from <key>", "name or address of the key that signs"],
  ["-a, --account-number <number>", "number of the signing account, with --offline"],
  ["-s, --sequence <number>", "sequence of the signing account, with --offline"],
  [
    "--sign-mode <mode>",
    "direct or amino-json (default: direct; amino-json for multisig keys)",
    ["direct", "amino-json"],
  ],
  ["--chain-id <id>", "the chain that is signed for (default: of client.toml)"],
];

/** Flags of the commands that make a transaction out of messages. */
export function addTxFlags(command: Command): Command {
  addSpecs(command, [...SIGN_FLAGS, ...CONTENT_FLAGS]);
  command
    .addOption(new Option("--memo <text>").hideHelp())
    .option("--unordered", "without a sequence, so that several can be under way; needs --timeout-duration", false)
    .addOption(
      new Option("-b, --broadcast-mode <mode>", "sync waits for the node's check, async does not").choices([
        "sync",
        "async",
      ]),
    )
    .option("--generate-only", "print it unsigned, for tx sign", false)
    .option("--offline", "ask no node", false)
    .option("--dry-run", "simulate it and print its gas; nothing is signed", false)
    .option("-y, --yes", "do not ask before it is sent", false);
  return addCommonFlags(command);
}

/** Flags of the commands that sign what is in a file. */
export function addSignFlags(command: Command): Command {
  addSpecs(command, SIGN_FLAGS);
  command.option("--offline", "ask no node; needs --account-number and --sequence", false);
  return addCommonFlags(command);
}

function addCommonFlags(command: Command): Command {
  addNodeFlag(command);
  addKeyringFlags(command);
  return addOutputFlag(command);
}

function addSpecs(command: Command, specs: readonly FlagSpec[]): void {
  for (const [flags, help, choices] of specs) {
    const option = new Option(flags, help);
    if (choices !== undefined) option.choices(choices);
    // client.toml's settings have their environment variables from there.
    const name = option.long?.slice(2) ?? "";
    if (name !== "chain-id") option.env(`COMPUTRONIUMD_${name.replaceAll("-", "_").toUpperCase()}`);
    command.addOption(option);
  }
}

/** The flags, checked, and whether they go together. Throws {@link FlagError}. */
export function readTxFlags(command: Command): TxFlags {
  const given = command.opts<Record<string, unknown>>();
  const text = (name: string): string | undefined => {
    const value = given[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const number = (name: string, flag: string): bigint | undefined => {
    const value = text(name);
    if (value !== undefined && !/^\d{1,20}$/.test(value))
      throw new FlagError(`--${flag} is "${value}": expected a whole number`);
    return value === undefined ? undefined : BigInt(value);
  };
  const flags: TxFlags = {
    from: text("from"),
    fees: coins("fees", text("fees")),
    gasPrices: prices(text("gasPrices")),
    gas: text("gas") === "auto" ? "auto" : (number("gas", "gas") ?? DEFAULT_GAS),
    gasAdjustment: factor(text("gasAdjustment") ?? DEFAULT_GAS_ADJUSTMENT),
    memo: text("note") ?? text("memo") ?? "",
    accountNumber: number("accountNumber", "account-number"),
    sequence: number("sequence", "sequence"),
    timeoutHeight: number("timeoutHeight", "timeout-height") ?? 0n,
    timeoutNanos: duration(text("timeoutDuration")),
    unordered: given["unordered"] === true,
    feePayer: text("feePayer") ?? "",
    feeGranter: text("feeGranter") ?? "",
    signMode: text("signMode") as TxFlags["signMode"],
    generateOnly: given["generateOnly"] === true,
    offline: given["offline"] === true,
    dryRun: given["dryRun"] === true,
    yes: given["yes"] === true,
  };
  requireTogether(flags);
  return flags;
}

function requireTogether(flags: TxFlags): void {
  if (flags.fees !== undefined && flags.gasPrices !== undefined)
    throw new FlagError("cannot provide both --fees and --gas-prices");
  if (flags.offline && (flags.gas === "auto" || flags.dryRun))
    throw new FlagError("cannot estimate gas in offline mode: give --gas a number");
  if (flags.offline && !flags.generateOnly) {
    if (flags.accountNumber === undefined || (flags.sequence === undefined && !flags.unordered))
      throw new FlagError("--offline needs --account-number and --sequence, which no node is asked for");
  }
  if (flags.timeoutHeight !== 0n && flags.timeoutNanos !== undefined)
    throw new FlagError("--timeout-height and --timeout-duration are two ways to say the same: give one");
  if (flags.unordered && flags.timeoutNanos === undefined) throw new FlagError("--unordered needs --timeout-duration");
  if (flags.unordered && flags.sequence !== undefined)
    throw new FlagError("an unordered transaction has no --sequence");
}

function coins(flag: string, text: string | undefined): readonly CoinMessage[] | undefined {
  if (text === undefined) return undefined;
  try {
    return coinMessages(parseCoinsText(text));
  } catch (error) {
    throw new FlagError(`--${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function prices(text: string | undefined): readonly GasPriceFlag[] | undefined {
  return text?.split(",").map((part) => {
    const match = /^(\d[\d.]*)([a-zA-Z].*)$/.exec(part.trim());
    const amount = parseDec(match?.[1] ?? "");
    const denom = match?.[2] ?? "";
    if (amount === undefined || !isDenom(denom))
      throw new FlagError(`--gas-prices: "${part}" is no price such as 0.0025ucptm`);
    return { denom, amount };
  });
}

function factor(text: string): Dec {
  const value = parseDec(text);
  if (value === undefined || value <= 0n)
    throw new FlagError(`--gas-adjustment is "${text}": expected a factor such as 1.3`);
  return value;
}

function duration(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const nanos = nanosOfDuration(text);
  if (nanos === undefined || nanos === 0n)
    throw new FlagError(`--timeout-duration is "${text}": expected a duration such as 5m`);
  return nanos;
}
