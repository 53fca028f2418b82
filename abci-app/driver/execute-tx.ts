import type { Message } from "@bufbuild/protobuf";
import { TxMsgDataSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";

import { create, toBinary } from "../../core/codec/protobuf.js";
import type { TypedMessage } from "../../core/codec/registry.js";
import { TxNote } from "../../core/codec/tx-note.js";
import type { DecodedTx } from "../../core/codec/tx.js";
import type { SignatureQuestion } from "../../core/crypto/verdicts.js";
import { ErrUnknownRequest, RegisteredError } from "../../core/errors.js";
import type { Chain } from "../../core/runtime/chain.js";
import type { BlockInfo, ExecMode } from "../../core/runtime/context.js";
import { Context } from "../../core/runtime/context.js";
import type { Credit } from "../../core/runtime/credits.js";
import type { ChainEvent } from "../../core/runtime/events.js";
import { event } from "../../core/runtime/events.js";
import { GasMeter } from "../../core/runtime/gas.js";
import type { MsgRoute } from "../../core/runtime/router.js";
import type { MultiStore } from "../../core/store/kv.js";
import type { AnteHandler } from "../ante/index.js";
import type { TxResult } from "./tx-result.js";

export interface TxEnvironment {
  readonly chain: Chain;
  readonly ante: AnteHandler;
  /** Signatures of a transaction on which there is no verdict yet. */
  readonly openQuestions: (ctx: Context, tx: DecodedTx) => readonly SignatureQuestion[];
  /** First signer of a message as text. */
  readonly senderOf: (message: TypedMessage) => string;
}

const NO_DATA = new Uint8Array(0);

/**
 * Runs a transaction on `stores`: the ante chain on a branch, then the messages on another. A failed ante chain leaves
 * nothing; failed messages leave what the ante chain did. In the modes `check` and `recheck` no message runs.
 */
export function executeTx(
  env: TxEnvironment,
  options: {
    readonly tx: DecodedTx;
    readonly mode: ExecMode;
    readonly block: BlockInfo;
    readonly stores: MultiStore;
    /** Of a simulation; undefined for none. */
    readonly gasLimit?: bigint | undefined;
  },
): TxResult {
  const { tx, mode, block, stores } = options;
  const gasWanted = tx.authInfo.fee?.gasLimit ?? 0n;
  const gas = gasMeter(mode, gasWanted, options.gasLimit);
  const root = new Context({ block, mode, gas, stores });
  try {
    const routes = routesOf(env.chain, tx);
    const ante = root.branch();
    env.ante(ante.context, tx);
    ante.commit();
    if (mode === "check" || mode === "recheck") {
      return {
        code: 0,
        codespace: "",
        log: "",
        data: NO_DATA,
        gasWanted: gas.limit,
        gasUsed: gas.used,
        events: NO_EVENTS,
        credits: root.credits.list(),
        anteGasUsed: gas.used,
      };
    }
    const anteGasUsed = gas.used;
    const anteCredits = root.credits.list().slice();
    const anteEvents = root.events.list().slice();
    try {
      const messages = root.branch();
      const responses = routes.map((route, index) => {
        // The only message of a transaction needs no branch of its own: whatever becomes of it becomes of them all.
        if (routes.length === 1) return executeMessage(env, messages.context, { route, tx, index });
        const { context, commit } = messages.context.branch();
        const response = executeMessage(env, context, { route, tx, index });
        commit();
        return response;
      });
      messages.commit();
      const data = messageData(responses);
      return {
        code: 0,
        codespace: "",
        log: "",
        data,
        gasWanted: gas.limit,
        gasUsed: gas.used,
        events: root.events.list(),
        credits: root.credits.list(),
        anteGasUsed,
      };
    } catch (error) {
      return { ...failure(error, gas), events: anteEvents, credits: anteCredits, anteGasUsed };
    }
  } catch (error) {
    return failure(error, gas);
  }
}

/** Transactions of genesis have no limit, as in the SDK: nobody pays for them. */
function gasMeter(mode: ExecMode, wanted: bigint, simulationLimit: bigint | undefined): GasMeter {
  if (mode === "genesis") return GasMeter.unlimited();
  if (mode !== "simulate") return GasMeter.limited(wanted);
  return simulationLimit === undefined ? GasMeter.unlimited() : GasMeter.limited(simulationLimit);
}

const NO_EVENTS: readonly ChainEvent[] = [];
const NO_CREDITS: readonly Credit[] = [];

/** Data of transactions with one message whose answer is empty, by its type: most transactions. */
const emptyAnswers = new Map<string, Uint8Array>();

/** cosmos.base.abci.v1beta1.TxMsgData. */
function messageData(msgResponses: { readonly typeUrl: string; readonly value: Uint8Array }[]): Uint8Array {
  const [only] = msgResponses;
  const isEmpty = msgResponses.length === 1 && only !== undefined && only.value.length === 0;
  const known = isEmpty ? emptyAnswers.get(only.typeUrl) : undefined;
  if (known !== undefined) return known;
  const data = toBinary(TxMsgDataSchema, create(TxMsgDataSchema, { msgResponses }));
  if (isEmpty) emptyAnswers.set(only.typeUrl, data);
  return data;
}

/** Transactions whose messages were found and checked: that depends on nothing but their bytes. */
const checkedRoutes = new TxNote<readonly MsgRoute[]>();

function routesOf(chain: Chain, tx: DecodedTx): readonly MsgRoute[] {
  const known = checkedRoutes.get(tx);
  if (known !== undefined) return known;
  const routes = tx.messages.map(({ typeUrl, value }) => {
    const route = chain.messages.get(typeUrl);
    if (route === undefined) throw ErrUnknownRequest.with(`no message handler found for ${typeUrl}`);
    route.check(value);
    return route;
  });
  checkedRoutes.set(tx, routes);
  return routes;
}

/** Runs a message in a context without events before it. */
function executeMessage(
  env: TxEnvironment,
  context: Context,
  { route, tx, index }: { readonly route: MsgRoute; readonly tx: DecodedTx; readonly index: number },
): { typeUrl: string; value: Uint8Array } {
  const message = tx.messages[index]!;
  let response: Message;
  try {
    response = route.execute(context, message.value);
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    throw new RegisteredError(
      error.codespace,
      error.code,
      `failed to execute message; message index: ${index}: ${error.message}`,
    );
  }
  const emitted = context.events.list();
  context.events.replace(messageEvents(env, { message, index, emitted }));
  return { typeUrl: `/${route.output.typeName}`, value: toBinary(route.output, response) };
}

/** `message{action,sender,module}` first, and `msg_index` on each: baseapp's createEvents and runMsgs. */
function messageEvents(
  env: TxEnvironment,
  options: {
    readonly message: TypedMessage;
    readonly index: number;
    readonly emitted: readonly ChainEvent[];
  },
): readonly ChainEvent[] {
  const { message, index, emitted } = options;
  const attributes: [string, string][] = [
    ["action", message.typeUrl],
    ["sender", env.senderOf(message)],
  ];
  const module = message.typeUrl.split(".")[1];
  if (module !== undefined && !emitted.some((e) => e.attributes.some((attribute) => attribute.key === "module"))) {
    attributes.push(["module", module]);
  }
  const msgIndex = { key: "msg_index", value: index.toString() };
  const marked = [event("message", ...attributes), ...emitted];
  return marked.map(({ type, attributes }) => ({ type, attributes: attributes.concat(msgIndex) }));
}

/** Turns a registered error into a result. Anything else is a fault of the engine and goes on up. */
export function failure(error: unknown, gas?: GasMeter): TxResult {
  if (!(error instanceof RegisteredError)) throw error;
  return {
    code: error.code,
    codespace: error.codespace,
    log: error.message,
    data: NO_DATA,
    gasWanted: gas?.limit ?? 0,
    gasUsed: gas?.used ?? 0,
    events: NO_EVENTS,
    credits: NO_CREDITS,
    anteGasUsed: undefined,
  };
}
