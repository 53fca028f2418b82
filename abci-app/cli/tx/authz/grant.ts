import type { JsonObject } from "@bufbuild/protobuf";
import { MsgGrantSchema } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import type { Command } from "commander";
import { Argument, InvalidArgumentError } from "commander";

import { coinMessages, parseCoinsText } from "../../../../core/math/coins.js";
import { clientFor } from "../../client/client-flags.js";
import { whoIs } from "../../client/who.js";
import { wholeNumber } from "../../numbers.js";
import type { ToolContext } from "../../options.js";
import { messageOf } from "../build.js";
import { fromOf } from "../message-commands.js";
import { runMessages } from "../run-messages.js";
import { addTxFlags, FlagError, readTxFlags } from "../tx-flags.js";

/** Kinds of staking messages, as the SDK's command names them. */
const STAKE_TYPES: Readonly<Record<string, string>> = {
  delegate: "AUTHORIZATION_TYPE_DELEGATE",
  unbond: "AUTHORIZATION_TYPE_UNDELEGATE",
  redelegate: "AUTHORIZATION_TYPE_REDELEGATE",
  "cancel-unbond": "AUTHORIZATION_TYPE_CANCEL_UNBONDING_DELEGATION",
};
const KINDS = ["send", "generic", ...Object.keys(STAKE_TYPES), "spend"];

/** What a spending mandate covers where --msg-type does not say it: all that a tenant's agent needs. */
const MARKET_MESSAGES = ["MsgPostOrder", "MsgAcceptBid", "MsgTopUp", "MsgCancelOrder", "MsgAckUsage", "MsgCloseLease"];

interface GrantFlags {
  readonly msgType?: readonly string[];
  readonly spendLimit?: string;
  readonly periodLimit?: string;
  readonly period?: number;
  readonly allowList?: readonly string[];
  readonly allowedValidators?: readonly string[];
  readonly denyValidators?: readonly string[];
  readonly allowedProviders?: readonly string[];
  readonly jobClasses?: readonly string[];
  readonly purpose?: string;
  readonly expiration?: string;
}

const list = (text: string): readonly string[] => text.split(",").map((part) => part.trim());

/** `tx authz grant`, as the SDK has it, and `spend` for mandates on the marketplace. */
export function addGrantCommand(group: Command, context: ToolContext): void {
  const command = group
    .command("grant")
    .argument("<grantee>", "name or address of whoever may act")
    .addArgument(new Argument("<kind>", "what is granted").choices(KINDS))
    .description("let another account act for this one")
    .option(
      "--msg-type <url,…>",
      "generic: the message; spend: those of the marketplace, default: all that a tenant needs",
      list,
    )
    .option("--spend-limit <coins>", "send, spend, staking: how much in all, such as 5000ucptm")
    .option("--period-limit <coins>", "spend: how much in each period")
    .option("--period <seconds>", "spend: length of a period", wholeNumber(1))
    .option("--allow-list <address,…>", "send: who may receive; default: everybody", list)
    .option("--allowed-validators <address,…>", "staking: with these alone", list)
    .option("--deny-validators <address,…>", "staking: with all but these", list)
    .option("--allowed-providers <address,…>", "spend: with these alone", list)
    .option("--job-classes <class,…>", "spend: for these alone: wasm, container, inference", list)
    .option("--purpose <text>", "spend: what it is for, in your words")
    .option(
      "--expiration <time>",
      "until when, as Unix seconds or 2027-01-02T03:04:05Z; default: until it is revoked",
      time,
    );
  addTxFlags(command).addHelpText(
    "after",
    `
Examples:
  computroniumd tx authz grant cptm1… send --spend-limit 5000ucptm --from alice
  computroniumd tx authz grant agent spend --spend-limit 1000000ucptm --period-limit 50000ucptm --period 86400 --from alice
  computroniumd tx authz grant cptm1… generic --msg-type /cosmos.gov.v1.MsgVote --expiration 2027-12-31T00:00:00Z --from alice`,
  );
  command.action(async (name: string, kind: string) => {
    const flags = readTxFlags(command);
    const client = clientFor(command, context);
    const [grantee, from] = [await whoIs(client, name), await fromOf(client, flags.from)];
    const granted = command.opts<GrantFlags>();
    const message = messageOf(MsgGrantSchema, {
      granter: from.text,
      grantee: grantee.text,
      grant: {
        authorization: authorizationOf(kind, granted),
        ...(granted.expiration === undefined ? {} : { expiration: granted.expiration }),
      },
    });
    await runMessages([message], { client, context, flags, from });
  });
}

/** The authorization in JSON. Throws {@link FlagError} for flags that are missing. */
export function authorizationOf(kind: string, flags: GrantFlags): JsonObject {
  switch (kind) {
    case "send":
      return {
        "@type": "/cosmos.bank.v1beta1.SendAuthorization",
        spend_limit: coinsOf(needed(flags.spendLimit, "--spend-limit")),
        allow_list: [...(flags.allowList ?? [])],
      };
    case "generic": {
      const [msg, ...others] = needed(flags.msgType, "--msg-type");
      if (others.length > 0) throw new FlagError("--msg-type: a generic authorization is for one message");
      return { "@type": "/cosmos.authz.v1beta1.GenericAuthorization", msg: msg! };
    }
    case "spend":
      return spendAuthorization(flags);
    default:
      return stakeAuthorization(STAKE_TYPES[kind] ?? kind, flags);
  }
}

function stakeAuthorization(type: string, flags: GrantFlags): JsonObject {
  const { allowedValidators, denyValidators, spendLimit } = flags;
  if ((allowedValidators === undefined) === (denyValidators === undefined)) {
    throw new FlagError("one of --allowed-validators and --deny-validators is needed");
  }
  const limit = spendLimit === undefined ? [] : coinsOf(spendLimit);
  if (limit.length > 1) throw new FlagError("--spend-limit: stake is of one denom");
  return {
    "@type": "/cosmos.staking.v1beta1.StakeAuthorization",
    ...(limit[0] === undefined ? {} : { max_tokens: limit[0] }),
    ...(allowedValidators && { allow_list: { address: [...allowedValidators] } }),
    ...(denyValidators && { deny_list: { address: [...denyValidators] } }),
    authorization_type: type,
  };
}

function spendAuthorization(flags: GrantFlags): JsonObject {
  const ofMarket = MARKET_MESSAGES.map((name) => `/computronium.marketplace.v1.${name}`);
  return {
    "@type": "/computronium.authz.v1.SpendAuthorization",
    allowed_messages: [...(flags.msgType ?? ofMarket)],
    total_limit: coinsOf(needed(flags.spendLimit, "--spend-limit")),
    period_limit: coinsOf(flags.periodLimit ?? ""),
    period_seconds: String(flags.period ?? 0),
    allowed_providers: [...(flags.allowedProviders ?? [])],
    allowed_job_classes: (flags.jobClasses ?? []).map((name) => `JOB_CLASS_${name.toUpperCase()}`),
    purpose: flags.purpose ?? "",
  };
}

function coinsOf(text: string): JsonObject[] {
  return coinMessages(parseCoinsText(text)).map((coin) => ({ ...coin }));
}

function needed<T>(value: T | undefined, flag: string): T {
  if (value === undefined) throw new FlagError(`${flag} is missing`);
  return value;
}

/** A time in the form that protobuf's JSON has. */
export function time(text: string): string {
  const at = new Date(/^\d{1,12}$/.test(text) ? Number(text) * 1000 : text);
  if (Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError("expected Unix seconds, or a time such as 2027-01-02T03:04:05Z.");
  }
  return at.toISOString();
}
