import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { http } from "@computronium/proto/google/api/annotations_pb.js";
import type { Command } from "commander";

import { gatewayJson } from "../../../core/codec/gateway-json.js";
import { messageFromJson } from "../../../core/codec/json.js";
import { fromBinary, getOption, toBinary } from "../../../core/codec/protobuf.js";
import type { Client } from "../client/client-flags.js";
import { addKeyringFlags, addNodeFlag, addOutputFlag, clientFor } from "../client/client-flags.js";
import { formatted } from "../client/output.js";
import { whoIs } from "../client/who.js";
import type { ToolContext } from "../options.js";
import type { MessageInput } from "../proto/message-input.js";
import { addMessageInput, isAccountAddress, messageInput, readMessageInput } from "../proto/message-input.js";
import { kebabOfPascal } from "../proto/names.js";
import { addPageFlags, pageField, readPage } from "./pagination.js";
import { QUERY_SHAPES } from "./shapes.js";

/** Flags of every query. */
export function addQueryFlags(command: Command): Command {
  command.option("--height <height>", "of the state that is asked; 0 is the latest");
  addKeyringFlags(command);
  return addOutputFlag(addNodeFlag(command));
}

/** Adds a command for a method of a Query service, generated from its descriptor. */
export function addMethodCommand(
  group: Command,
  context: ToolContext,
  { service, method }: { readonly service: DescService; readonly method: DescMethod },
): void {
  const shape = QUERY_SHAPES[`${service.typeName}/${method.name}`];
  const name = shape?.name ?? kebabOfPascal(method.name);
  const command = group.command(name).description(shape?.description ?? `${service.typeName}/${method.name}`);
  if (shape?.aliases !== undefined) command.aliases([...shape.aliases]);
  addQueryFlags(command);
  const page = pageField(method.input);
  if (page !== undefined) addPageFlags(command);
  const input = messageInput(method.input, {
    positional: shape?.positional ?? routeFields(method),
    skip: page === undefined ? [] : [page],
    taken: new Set(command.options.map((option) => option.long?.slice(2) ?? "")),
  });
  addMessageInput(command, input);
  command.addHelpText(
    "after",
    `\nAsks ${service.typeName}/${method.name}.\n\nExample:\n  computroniumd query ${group.name()} ${[name, shape?.example ?? ""].join(" ").trim()} -o json`,
  );
  command.action(() => ask(command, context, { service, method, input, page }));
}

/** Fields in the path of the query's REST route: what it cannot be asked without. */
function routeFields(method: DescMethod): readonly string[] {
  const { pattern } = getOption(method, http);
  const path = pattern.case === "get" ? pattern.value : "";
  return [...path.matchAll(/\{([a-z0-9_]+)(=\*\*)?\}/g)].map(([, name]) => name ?? "");
}

async function ask(
  command: Command,
  context: ToolContext,
  {
    service,
    method,
    input,
    page,
  }: {
    readonly service: DescService;
    readonly method: DescMethod;
    readonly input: MessageInput;
    readonly page: string | undefined;
  },
): Promise<void> {
  const client = clientFor(command, context);
  const height = readHeight(command);
  const json = await readMessageInput(command, input, (field, text) =>
    isAccountAddress(field) ? addressOf(client, text) : Promise.resolve(text),
  );
  const asked = page === undefined ? undefined : readPage(command);
  const request = messageFromJson(
    method.input,
    asked === undefined || page === undefined ? json : { ...json, [page]: asked },
  );
  const { value } = await client.rpc.abciQuery(
    `/${service.typeName}/${method.name}`,
    toBinary(method.input, request),
    height,
  );
  context.out(await formatted(gatewayJson(method.output, fromBinary(method.output, value)), client.config.output));
}

/** A key's name stands for its address; what is neither goes to the node, which says what it expects. */
async function addressOf(client: Client, text: string): Promise<string> {
  return (await client.keyring.has(text)) ? (await whoIs(client, text)).text : text;
}

/** --height. Throws an Error for what is no height. */
export function readHeight(command: Command): bigint {
  const { height } = command.opts<{ height?: string }>();
  if (height === undefined) return 0n;
  if (!/^\d{1,18}$/.test(height)) throw new Error(`--height is "${height}": expected a whole number`);
  return BigInt(height);
}
