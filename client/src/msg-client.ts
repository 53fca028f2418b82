import type { DescMethod, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary, getOption } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { TxMsgDataSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";
import { signer } from "@computronium/proto/cosmos/msg/v1/msg_pb.js";

import type { BlockTx } from "./block-feed.js";
import { ComputroniumError } from "./errors.js";
import type { TypedMessage } from "./registry.js";
import { typeUrl } from "./registry.js";
import type { PendingTx, TxOptions } from "./tx-sender.js";

/** Who signs and sends. */
export interface MessageSender {
  readonly address: string;
  submit(messages: readonly TypedMessage[], options?: TxOptions): Promise<PendingTx>;
}

type Call<M extends DescMethod> = (
  request: MessageInitShape<M["input"]>,
  options?: TxOptions,
) => Promise<MessageShape<M["output"]> & { readonly tx: BlockTx }>;

/**
 * A method for each message of a `Msg` service: it sends the message in a transaction of its own, waits for its block,
 * and returns the response with the transaction. The field of the signer is filled in.
 */
export type MsgClient<S extends DescService> = { readonly [K in keyof S["method"]]: Call<S["method"][K]> };

/** A message with the field of its signer (option `cosmos.msg.v1.signer`) set, unless it is set already. */
export function messageOf<M extends DescMethod>(
  method: M,
  request: MessageInitShape<M["input"]>,
  address: string,
): TypedMessage<M["input"]> {
  const schema: DescMethod["input"] = method.input;
  const value = create(schema, request);
  const fields = getOption(schema, signer);
  for (const name of fields) {
    const field = schema.fields.find((each) => each.name === name);
    if (field?.fieldKind !== "scalar") continue;
    const message = reflect(schema, value);
    if (!message.isSet(field)) message.set(field, address);
  }
  return { typeUrl: typeUrl(schema), value: value as MessageShape<M["input"]> };
}

/** The response of message number `index` of a committed transaction. */
export function responseOf<M extends DescMethod>(method: M, tx: BlockTx, index = 0): MessageShape<M["output"]> {
  const output: M["output"] = method.output;
  const response = fromBinary(TxMsgDataSchema, tx.data).msgResponses[index];
  if (response?.typeUrl !== typeUrl(method.output)) {
    throw new ComputroniumError(
      `message ${index} of transaction ${tx.hash} answered ${response?.typeUrl ?? "nothing"}, not ${typeUrl(method.output)}`,
    );
  }
  return fromBinary(output, response.value);
}

/** A typed client of one `Msg` service, made from its descriptor. */
export function createMsgClient<S extends DescService>(sender: MessageSender, service: S): MsgClient<S> {
  const calls: Record<string, (request: Record<string, unknown>, options?: TxOptions) => Promise<object>> = {};
  for (const method of service.methods) {
    calls[method.localName] = async (request, options) => {
      const pending = await sender.submit([messageOf(method, request, sender.address)], options);
      const tx = await pending.committed;
      return Object.assign(responseOf(method, tx), { tx });
    };
  }
  return calls as unknown as MsgClient<S>;
}
