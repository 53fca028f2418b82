import type { DescMethod, DescService, JsonObject } from "@bufbuild/protobuf";
import type { Command } from "commander";
import { signer as signerOption } from "@computronium/proto/cosmos/msg/v1/msg_pb.js";

import { getOption } from "../../../core/codec/protobuf.js";
import type { Client } from "../client/client-flags.js";
import { clientFor } from "../client/client-flags.js";
import type { Who } from "../client/who.js";
import { operatorIs, operatorText, whoIs } from "../client/who.js";
import type { ToolContext } from "../options.js";
import type { MessageInput } from "../proto/message-input.js";
import {
  addMessageInput,
  isAccountAddress,
  isOperatorAddress,
  messageInput,
  readMessageInput,
} from "../proto/message-input.js";
import { kebabOfPascal, kebabOfSnake } from "../proto/names.js";
import { messageOf } from "./build.js";
import { runMessages } from "./run-messages.js";
import { TX_SHAPES } from "./shapes.js";
import { addTxFlags, FlagError, readTxFlags } from "./tx-flags.js";

/** Adds a command for a message of a Msg service, generated from its descriptor. */
export function addMessageCommand(
  group: Command,
  context: ToolContext,
  { service, method }: { readonly service: DescService; readonly method: DescMethod },
): void {
  const type = method.input;
  const shape = TX_SHAPES[`${service.typeName}/${method.name}`];
  const [signer] = getOption(type, signerOption);
  if (signer === undefined || type.fields.find(({ name }) => name === signer)?.fieldKind !== "scalar") return;

  const name = shape?.name ?? kebabOfPascal(method.name);
  const command = group.command(name).description(shape?.description ?? `send a ${type.typeName}`);
  addTxFlags(command);
  const input = messageInput(type, {
    positional: shape?.positional ?? type.fields.map((field) => field.name).filter((field) => /(^|_)id$/.test(field)),
    // --from says it, unless it is an argument.
    skip: [signer],
    taken: new Set(command.options.map((option) => option.long?.slice(2) ?? "")),
  });
  addMessageInput(command, input);
  const from = input.positional.some((field) => field.name === signer) ? `<${kebabOfSnake(signer)}>` : "--from";
  command.addHelpText(
    "after",
    `\nSends ${type.typeName}, signed by ${from}. Names in the keyring may stand for addresses.` +
      (shape?.example === undefined ? "" : `\n\nExample:\n  computroniumd tx ${group.name()} ${name} ${shape.example}`),
  );
  command.action(() => sendMessage(command, context, { input, signer }));
}

async function sendMessage(
  command: Command,
  context: ToolContext,
  { input, signer }: { readonly input: MessageInput; readonly signer: string },
): Promise<void> {
  const flags = readTxFlags(command);
  const client = clientFor(command, context);
  const json = await readMessageInput(command, input, async (field, text) => {
    if (isOperatorAddress(field)) return operatorText(client, await operatorIs(client, text));
    return isAccountAddress(field) ? (await whoIs(client, text)).text : text;
  });
  const stated = json[signer];
  const from = typeof stated === "string" ? await operatorIs(client, stated) : await fromOf(client, flags.from);
  // Some messages name who signs them as the operator of a validator.
  const signs = input.type.fields.some((field) => field.name === signer && isOperatorAddress(field));
  const message: JsonObject = { [signer]: signs ? operatorText(client, from) : from.text, ...json };
  await runMessages([messageOf(input.type, message)], { client, context, flags, from });
}

/** The account of --from, or of client.toml's default key. */
export async function fromOf(client: Client, from: string | undefined): Promise<Who> {
  const name = from ?? client.config["keyring-default-keyname"];
  if (name === "") throw new FlagError("who signs? Give --from with the name or address of a key");
  return whoIs(client, name);
}
