import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { MsgSetSendEnabledSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { PubKeySchema } from "@computronium/proto/cosmos/crypto/ed25519/keys_pb.js";
import { VoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import {
  MsgSubmitProposalSchema,
  MsgVoteSchema,
  MsgVoteWeightedSchema,
} from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { MsgCreateValidatorSchema, MsgDelegateSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import type { Wiring } from "../../abci-app/app.js";
import { wireChain } from "../../abci-app/app.js";
import type { AccAddress, ValAddress } from "../../core/address.js";
import type { ByteString } from "../../core/bytes.js";
import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { packAny } from "../../core/codec/registry.js";
import { RegisteredError } from "../../core/errors.js";
import type { ReadContext } from "../../core/runtime/context.js";
import { Context, NANOS_PER_SECOND, readContext } from "../../core/runtime/context.js";
import type { ChainEvent } from "../../core/runtime/events.js";
import type { AppModule } from "../../core/runtime/module.js";
import { GasMeter } from "../../core/runtime/gas.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { defaultAppState, exportGenesis, initGenesis, parseAppState } from "../../core/runtime/genesis.js";
import { memoryStores } from "../../core/testing/memory.js";
import { appStateWith } from "../kit/app-state.js";

export const DENOM = "ucptm";
export const START_TIME = 1_800_000_000n;
/** Of every account in genesis. */
export const RICHES = 1_000_000_000_000n;

export type Outcome =
  | { readonly ok: true; readonly response: unknown; readonly events: readonly ChainEvent[]; readonly gas: number }
  | { readonly ok: false; readonly codespace: string; readonly code: number; readonly message: string };

export interface DaoChainOptions {
  /** Parameters of governance and of the DAO in place of the defaults. */
  readonly gov?: Record<string, unknown>;
  readonly dao?: Record<string, unknown>;
  readonly accounts?: number;
  /** Modules behind the others. */
  readonly more?: readonly AppModule[];
  /** An exported state to go on with. */
  readonly from?: { readonly appState: AppState; readonly time: bigint; readonly height: bigint };
}

const SHORT = { max_deposit_period: "100s", voting_period: "100s", expedited_voting_period: "40s" };

/** The chain as it is wired, in one process, driven by messages and by blocks with a clock that the test turns. */
export class DaoChain {
  readonly wiring: Wiring;
  readonly #stores = memoryStores();
  time: bigint;
  height: bigint;

  constructor({ gov = {}, dao = {}, accounts = 10, more = [], from }: DaoChainOptions = {}) {
    this.wiring = wireChain({ more });
    const { chain } = this.wiring;
    this.time = from?.time ?? START_TIME;
    this.height = from?.height ?? 1n;
    const ctx = this.#context();
    if (from !== undefined) {
      initGenesis(chain, ctx, parseAppState(chain, from.appState));
    } else {
      this.wiring.addresses.usePrefix("cptm");
      const { gov: govDefaults, dao: daoDefaults } = defaultAppState(chain) as Record<string, { params: object }>;
      const holders = Array.from({ length: accounts }, (_, i) => ({ address: this.account(i), amount: RICHES }));
      const state = {
        ...appStateWith(holders),
        gov: { params: { ...govDefaults!.params, ...SHORT, ...gov } },
        dao: { params: { ...daoDefaults!.params, timelock: "0", late_quorum_extension: "0", ...dao } },
      };
      initGenesis(chain, ctx, parseAppState(chain, state as AppState));
    }
    this.#begin();
  }

  #context(gas = GasMeter.unlimited()): Context {
    const block = {
      chainId: "test-1",
      height: this.height,
      timeNanos: this.time * NANOS_PER_SECOND,
      proposerAddress: new Uint8Array(20),
    };
    return new Context({ block, mode: "finalize", gas, stores: this.#stores });
  }

  /** A context that writes into the chain directly. */
  context(): Context {
    return this.#context();
  }

  reader(): ReadContext {
    return readContext({ block: this.#context().block, mode: "query", stores: this.#stores });
  }

  get authority(): string {
    return this.wiring.addresses.account.encode(this.wiring.dao.options.authority);
  }

  /** Address number n. */
  account(n: number): string {
    return this.wiring.addresses.account.encode(this.bytes(n));
  }

  bytes(n: number): AccAddress {
    return String.fromCharCode(97 + n).repeat(20) as ByteString as AccAddress;
  }

  /** The operator address of account n. */
  operator(n: number): string {
    return this.wiring.addresses.validator.encode(this.bytes(n) as string as ValAddress);
  }

  balance(address: string, denom = DENOM): bigint {
    return this.wiring.bank.balance(this.reader(), this.wiring.addresses.account.decode(address), denom);
  }

  /** Sends one message as a transaction of its own: through its bytes, checked, and without a trace if it fails. */
  send<I extends DescMessage>(schema: I, fields: MessageInitShape<I>): Outcome {
    const route = this.wiring.chain.messages.get(`/${schema.typeName}`);
    if (route === undefined) throw new Error(`${schema.typeName} has no handler`);
    const message = fromBinary(schema, toBinary(schema, create(schema, fields)));
    const gas = GasMeter.unlimited();
    const { context, commit } = this.#context(gas).branch();
    try {
      route.check(message);
      const response = route.execute(context, message);
      commit();
      return { ok: true, response, events: context.events.list(), gas: gas.used };
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      return { ok: false, codespace: error.codespace, code: error.code, message: error.message };
    }
  }

  /** Like {@link send}, for what must succeed. */
  must<I extends DescMessage>(schema: I, fields: MessageInitShape<I>): Extract<Outcome, { ok: true }> {
    const outcome = this.send(schema, fields);
    if (!outcome.ok) throw new Error(`${schema.typeName}: ${outcome.codespace} ${outcome.code}: ${outcome.message}`);
    return outcome;
  }

  query<I extends DescMessage, O extends DescMessage>(
    path: string,
    [request, fields]: readonly [I, MessageInitShape<I>],
    response: O,
  ): MessageShape<O> {
    const route = this.wiring.chain.queries.get(path);
    if (route === undefined) throw new Error(`${path} is no query`);
    const answer = route.answer(this.reader(), create(request, fields));
    return fromBinary(response, toBinary(route.method.output, answer));
  }

  #begin(): void {
    const ctx = this.#context();
    for (const module of this.wiring.chain.modules) module.beginBlock?.(ctx);
  }

  /** Ends the block, and begins the next one so many seconds later. Returns the events of its end. */
  block(seconds = 1n): readonly ChainEvent[] {
    const ctx = this.#context();
    for (const module of this.wiring.chain.modules) module.endBlock?.(ctx);
    ctx.tally.requireEven();
    for (const { name, checkBlock } of this.wiring.chain.modules) {
      const problem = checkBlock?.(this.reader());
      if (problem !== undefined) throw new Error(`${name}: ${problem}`);
    }
    this.height += 1n;
    this.time += seconds;
    this.#begin();
    return ctx.events.list();
  }

  /** Lets time pass, and ends the block that comes then. */
  pass(seconds: bigint): readonly ChainEvent[] {
    return [...this.block(seconds), ...this.block(0n)];
  }

  /** What is broken, by any invariant of any module. */
  broken(): string | undefined {
    for (const module of this.wiring.chain.modules) {
      for (const { name, check } of module.invariants ?? []) {
        const problem = check(this.reader());
        if (problem !== undefined) return `${name}: ${problem}`;
      }
    }
    return undefined;
  }

  export(): AppState {
    return exportGenesis(this.wiring.chain, this.reader());
  }

  /** Account n becomes a validator with a stake of its own. */
  validator(n: number, tokens: bigint): void {
    const pubkey = packAny(PubKeySchema, create(PubKeySchema, { key: new Uint8Array(32).fill(n + 1) }));
    this.must(MsgCreateValidatorSchema, {
      description: { moniker: `validator ${n}` },
      commission: { rate: "100000000000000000", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
      minSelfDelegation: "1",
      delegatorAddress: this.account(n),
      validatorAddress: this.operator(n),
      pubkey,
      value: { denom: DENOM, amount: String(tokens) },
    });
  }

  delegate(n: number, validator: number, tokens: bigint): void {
    const amount = { denom: DENOM, amount: String(tokens) };
    this.must(MsgDelegateSchema, {
      delegatorAddress: this.account(n),
      validatorAddress: this.operator(validator),
      amount,
    });
  }

  /** Submits a proposal of these messages with the whole deposit. Returns its number. */
  propose(
    messages: readonly (readonly [DescMessage, object])[],
    options: { readonly proposer?: number; readonly deposit?: bigint; readonly expedited?: boolean } = {},
  ): bigint {
    const { proposer = 0, expedited = false } = options;
    const deposit = options.deposit ?? (expedited ? 50_000_000n : 10_000_000n);
    const { response } = this.must(MsgSubmitProposalSchema, {
      messages: messages.map(([schema, fields]) => packAny(schema, create(schema, fields as never))),
      initialDeposit: deposit === 0n ? [] : [{ denom: DENOM, amount: String(deposit) }],
      proposer: this.account(proposer),
      title: "a title",
      summary: "a summary",
      metadata: messages.length === 0 ? "ipfs://why" : "",
      expedited,
    });
    return (response as { proposalId: bigint }).proposalId;
  }

  vote(n: number, proposalId: bigint, option = VoteOption.YES): void {
    this.must(MsgVoteSchema, { proposalId, voter: this.account(n), option });
  }

  split(n: number, proposalId: bigint, options: readonly (readonly [VoteOption, string])[]): void {
    this.must(MsgVoteWeightedSchema, {
      proposalId,
      voter: this.account(n),
      options: options.map(([option, weight]) => ({ option, weight })),
    });
  }
}

export const MILLION = 1_000_000n;

/** Validators 0, 1 and 2 with 50, 30 and 20 million, of which account 3 has 10 at validator 0. */
export function stakeThree(chain: DaoChain): void {
  chain.validator(0, 40n * MILLION);
  chain.validator(1, 30n * MILLION);
  chain.validator(2, 20n * MILLION);
  chain.delegate(3, 0, 10n * MILLION);
  chain.block();
}

/** A message of governance that switches the transfers of a denomination off, or on. */
export function noSend({ authority }: DaoChain, enabled = false) {
  return [MsgSetSendEnabledSchema, { authority, sendEnabled: [{ denom: "other", enabled }] }] as const;
}
