import type { DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Command } from "commander";
import { Option } from "commander";
import { scalar as cosmosScalar } from "@computronium/proto/cosmos_proto/cosmos_pb.js";

import { getOption, ScalarType } from "../../../core/codec/protobuf.js";
import { fieldHint, fieldKindText, fieldValue } from "./field-value.js";
import { kebabOfSnake } from "./names.js";

/** How a message is written on a command line. */
export interface MessageInput {
  readonly type: DescMessage;
  /** Fields that are arguments, in order; a list may come last and takes all that is left. */
  readonly positional: readonly DescField[];
  /** Fields that are flags. */
  readonly flags: readonly { readonly field: DescField; readonly flag: string }[];
}

/** The fields of a message that the command line takes, without those that `skip` names. */
export function messageInput(
  type: DescMessage,
  options: {
    readonly positional: readonly string[];
    readonly skip?: readonly string[];
    /** Flags that mean something else; a field of the same name gets `msg-` before it. */
    readonly taken: ReadonlySet<string>;
  },
): MessageInput {
  const positional = options.positional.map((name) => {
    const field = type.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new Error(`${type.typeName} has no field ${name}`);
    return field;
  });
  const flags = type.fields
    .filter((field) => !positional.includes(field) && options.skip?.includes(field.name) !== true)
    .map((field) => {
      const name = kebabOfSnake(field.name);
      return { field, flag: options.taken.has(name) ? `msg-${name}` : name };
    });
  return { type, positional, flags };
}

/** Adds a message's arguments and flags to a command. */
export function addMessageInput(command: Command, input: MessageInput): void {
  input.positional.forEach((field, i) => {
    const isVariadic = field.fieldKind === "list" && i === input.positional.length - 1;
    const name = `${kebabOfSnake(field.name)}${isVariadic ? "..." : ""}`;
    const isOptional = isVariadic && field.message === undefined;
    command.argument(isOptional ? `[${name}]` : `<${name}>`, fieldHint(field));
  });
  for (const { field, flag } of input.flags) {
    const value =
      field.scalar === ScalarType.BOOL && field.fieldKind === "scalar" ? "[boolean]" : `<${fieldKindText(field)}>`;
    const option = new Option(`--${flag} ${value}`, fieldHint(field));
    option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
    // What commander stores for `--flag` without a value.
    if (value === "[boolean]") option.preset("true");
    command.addOption(option);
  }
}

/** Finds what stands for a value, such as the address behind a key's name. */
export type Resolve = (field: DescField, text: string) => Promise<string>;

/** The proto3 JSON of the message as the command line gives it; fields that were not given are left out. */
export async function readMessageInput(command: Command, input: MessageInput, resolve: Resolve): Promise<JsonObject> {
  const json: { [name: string]: JsonValue } = {};
  const given = command.opts<Record<string, unknown>>();
  const put = async (field: DescField, texts: readonly string[]): Promise<void> => {
    const resolved: string[] = [];
    for (const text of texts) resolved.push(await resolve(field, text));
    json[field.name] = fieldValue(field, resolved);
  };
  for (const [i, field] of input.positional.entries()) {
    const texts = i === input.positional.length - 1 ? command.args.slice(i) : command.args.slice(i, i + 1);
    if (texts.length > 0) await put(field, texts);
  }
  for (const { field, flag } of input.flags) {
    const value = given[camelCase(flag)];
    if (value !== undefined) await put(field, (Array.isArray(value) ? value : [value]).map(String));
  }
  return json;
}

/** Whether a field holds the address of an account. */
export function isAccountAddress(field: DescField): boolean {
  return field.scalar === ScalarType.STRING && getOption(field, cosmosScalar) === "cosmos.AddressString";
}

/** Whether a field holds the address of a validator's operator. */
export function isOperatorAddress(field: DescField): boolean {
  return field.scalar === ScalarType.STRING && getOption(field, cosmosScalar) === "cosmos.ValidatorAddressString";
}

/** The name under which commander keeps an option. */
export function camelCase(flag: string): string {
  return flag.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
