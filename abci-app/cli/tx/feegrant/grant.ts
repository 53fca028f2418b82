import type { JsonObject } from "@bufbuild/protobuf";
import { MsgGrantAllowanceSchema } from "@computronium/proto/cosmos/feegrant/v1beta1/tx_pb.js";
import type { Command } from "commander";

import { coinMessages, parseCoinsText } from "../../../../core/math/coins.js";
import { clientFor } from "../../client/client-flags.js";
import { whoIs } from "../../client/who.js";
import { wholeNumber } from "../../numbers.js";
import type { ToolContext } from "../../options.js";
import { time } from "../authz/grant.js";
import { messageOf } from "../build.js";
import { runMessages } from "../run-messages.js";
import { addTxFlags, FlagError, readTxFlags } from "../tx-flags.js";

interface AllowanceFlags {
  readonly spendLimit?: string;
  readonly expiration?: string;
  readonly period?: number;
  readonly periodLimit?: string;
  readonly allowedMessages?: readonly string[];
}

/** `tx feegrant grant`, as the SDK has it. */
export function addGrantAllowanceCommand(group: Command, context: ToolContext): void {
  const command = group
    .command("grant")
    .argument("<granter>", "name or address of the key that signs, and pays the fees")
    .argument("<grantee>", "name or address of whoever need not pay")
    .description("pay the fees of another account")
    .option("--spend-limit <coins>", "how much in all; default: without a limit")
    .option(
      "--expiration <time>",
      "until when, as Unix seconds or 2027-01-02T03:04:05Z; default: until it is revoked",
      time,
    )
    .option("--period <seconds>", "length of a period, with --period-limit", wholeNumber(1))
    .option("--period-limit <coins>", "how much in each period")
    .option("--allowed-messages <url,…>", "only for transactions of these", (text: string) => text.split(","));
  addTxFlags(command).addHelpText(
    "after",
    `
Example:
  computroniumd tx feegrant grant alice cptm1… --spend-limit 100000ucptm --period 86400 --period-limit 5000ucptm`,
  );
  command.action(async (granterName: string, granteeName: string) => {
    const flags = readTxFlags(command);
    const client = clientFor(command, context);
    const [from, grantee] = [await whoIs(client, granterName), await whoIs(client, granteeName)];
    const allowance = allowanceOf(command.opts<AllowanceFlags>(), BigInt(Date.now()) / 1000n);
    const message = messageOf(MsgGrantAllowanceSchema, { granter: from.text, grantee: grantee.text, allowance });
    await runMessages([message], { client, context, flags, from });
  });
}

/**
 * The allowance in JSON; its first period begins now. Throws {@link FlagError} for flags that do not fit.
 *
 * @param now Unix seconds.
 */
export function allowanceOf(flags: AllowanceFlags, now: bigint): JsonObject {
  const { spendLimit = "", expiration, period, periodLimit, allowedMessages } = flags;
  if ((period === undefined) !== (periodLimit === undefined)) {
    throw new FlagError("--period and --period-limit go together");
  }
  const basic = { spend_limit: coinsOf(spendLimit), ...(expiration === undefined ? {} : { expiration }) };
  const allowance: JsonObject =
    period === undefined || periodLimit === undefined
      ? { "@type": "/cosmos.feegrant.v1beta1.BasicAllowance", ...basic }
      : {
          "@type": "/cosmos.feegrant.v1beta1.PeriodicAllowance",
          basic,
          period: `${period}s`,
          period_spend_limit: coinsOf(periodLimit),
          period_can_spend: coinsOf(periodLimit),
          period_reset: time(String(now + BigInt(period))),
        };
  if (allowedMessages === undefined) return allowance;
  return { "@type": "/cosmos.feegrant.v1beta1.AllowedMsgAllowance", allowance, allowed_messages: [...allowedMessages] };
}

function coinsOf(text: string): JsonObject[] {
  return coinMessages(parseCoinsText(text)).map((coin) => ({ ...coin }));
}
