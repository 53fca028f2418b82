import { createHash } from "node:crypto";

import type { DescMessage, JsonValue, Message, MessageInitShape } from "@bufbuild/protobuf";
import { PubKeySchema } from "@computronium/proto/cosmos/crypto/ed25519/keys_pb.js";
import { VoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import type { MsgSubmitProposalResponse } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { MsgSubmitProposalSchema, MsgVoteSchema } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import {
  MsgBeginRedelegateSchema,
  MsgCreateValidatorSchema,
  MsgDelegateSchema,
  MsgUndelegateSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import type { Wiring } from "../../abci-app/app.js";
import { wireChain } from "../../abci-app/app.js";
import type { AccAddress, ConsAddress, ValAddress } from "../../core/address.js";
import { Addresses, moduleAddress } from "../../core/address.js";
import { toByteString } from "../../core/bytes.js";
import { create, toBinary } from "../../core/codec/protobuf.js";
import type { CommitVote, Misbehavior } from "../../core/runtime/context.js";
import { Context, NANOS_PER_SECOND } from "../../core/runtime/context.js";
import type { ChainEvent } from "../../core/runtime/events.js";
import { GasMeter } from "../../core/runtime/gas.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { initGenesis, parseAppState } from "../../core/runtime/genesis.js";
import type { MultiStore } from "../../core/store/kv.js";
import type { SettlementPace } from "../../modules/stake/staking/index.js";
import { FEE_COLLECTOR } from "../../modules/auth/types.js";
import type { Holder } from "./app-state.js";
import { appStateWith, plainEconomy } from "./app-state.js";
import type { StoreOperations } from "./counting-stores.js";
import { CountingStores, noOperations } from "./counting-stores.js";

export const DENOM = "ucptm";
const GENESIS_SECONDS = 1_800_000_000n;
const SECONDS_A_BLOCK = 5n;
/** Stake of a validator's operator. */
const OWN_STAKE = 1_000_000_000n;
/** Stake of a delegator. */
export const DELEGATED = 2_000_000n;
const RICH = 1n << 100n;
const ADDRESSES = new Addresses("cptm");

/** What the hooks of one block asked of the stores. */
export interface HooksCost extends StoreOperations {
  readonly milliseconds: number;
  readonly events: readonly ChainEvent[];
}

/** Balances of the parts that are given come on top of those of the holders. */
function worldState(holders: readonly Holder[], more: AppState = {}): AppState {
  const state = appStateWith(holders, { more: plainEconomy() });
  const balancesOf = (part: AppState) => (part["bank"] as { balances?: JsonValue[] } | undefined)?.balances ?? [];
  return { ...state, ...more, bank: { balances: [...balancesOf(state), ...balancesOf(more)] } };
}

/** What comes with a block. */
export interface WorldBlock {
  /** Base units that are in the fee collector when it begins. */
  readonly fees?: bigint;
  /** Validators whose votes are missing. */
  readonly absent?: readonly number[];
  readonly misbehavior?: readonly Misbehavior[];
  /** Since the block before; 5 by default. */
  readonly seconds?: bigint;
  /** Runs between the hooks, uncounted. */
  readonly between?: (ctx: Context) => void;
}

/**
 * The modules of the chain over any stores, without transactions' signatures: for questions of cost. All state comes from
 * the modules' own messages.
 */
export class StakeWorld {
  readonly wiring: Wiring;
  readonly validators: number;
  readonly #stores: () => MultiStore;
  /** Owns nearly all there is. */
  readonly rich: AccAddress;
  height = 1n;
  #seconds = GENESIS_SECONDS;

  /** @param stores those that the next context shall use */
  constructor(
    stores: () => MultiStore,
    options: {
      readonly validators: number;
      readonly settlementPace?: SettlementPace;
      /** Parts in place of those of a plain economy. */
      readonly appState?: AppState;
    },
  ) {
    const { settlementPace } = options;
    this.wiring = wireChain(settlementPace === undefined ? {} : { settlementPace });
    this.#stores = stores;
    this.validators = options.validators;
    this.rich = addressOf("rich");
    const operators = Array.from({ length: options.validators }, (_, i) => ({
      address: this.account(this.operator(i) as string as AccAddress),
      amount: OWN_STAKE,
    }));
    const holders = [...operators, { address: this.account(this.rich), amount: RICH }];
    const ctx = this.context();
    const { chain } = this.wiring;
    initGenesis(chain, ctx, parseAppState(chain, worldState(holders, options.appState)));
    for (let i = 0; i < options.validators; i++) this.#createValidator(i);
    this.endBlock();
  }

  context(block: Pick<WorldBlock, "absent" | "misbehavior"> = {}, counted?: StoreOperations): Context {
    const stores = this.#stores();
    const { absent = [], misbehavior = [] } = block;
    return new Context({
      block: {
        chainId: "world-1",
        height: this.height,
        timeNanos: this.#seconds * NANOS_PER_SECOND,
        proposerAddress: Buffer.from(this.consAddress(0), "latin1"),
        lastCommit: this.height === 1n ? [] : this.#votes(new Set(absent)),
        misbehavior,
      },
      mode: this.height === 1n ? "genesis" : "finalize",
      gas: GasMeter.unlimited(),
      stores: counted === undefined ? stores : new CountingStores(stores, counted),
    });
  }

  operator(i: number): ValAddress {
    return addressOf(`operator ${i}`) as string as ValAddress;
  }

  delegator(i: number): AccAddress {
    return addressOf(`delegator ${i}`);
  }

  consAddress(i: number): ConsAddress {
    return toByteString(createHash("sha256").update(consKey(i)).digest().subarray(0, 20)) as ConsAddress;
  }

  account(address: AccAddress): string {
    return ADDRESSES.account.encode(address);
  }

  validator(i: number): string {
    return ADDRESSES.validator.encode(this.operator(i));
  }

  /** Carries out a message as its handler does. */
  execute<D extends DescMessage>(ctx: Context, schema: D, fields: MessageInitShape<D>): Message {
    const message = create(schema, fields);
    const route = this.wiring.chain.messages.get(`/${schema.typeName}`)!;
    route.check(message);
    return route.execute(ctx, message);
  }

  /** A delegator who gets coins and delegates them. */
  addDelegator(ctx: Context, i: number, validator = 0): void {
    const delegator = this.delegator(i);
    this.wiring.bank.send(ctx, this.rich, delegator, [{ denom: DENOM, amount: DELEGATED }]);
    this.execute(ctx, MsgDelegateSchema, {
      delegatorAddress: this.account(delegator),
      validatorAddress: this.validator(validator),
      amount: coin(DELEGATED),
    });
  }

  undelegate(ctx: Context, i: number, amount: bigint, validator = 0): void {
    this.execute(ctx, MsgUndelegateSchema, {
      delegatorAddress: this.account(this.delegator(i)),
      validatorAddress: this.validator(validator),
      amount: coin(amount),
    });
  }

  redelegate(ctx: Context, i: number, amount: bigint, to: number, validator = 0): void {
    this.execute(ctx, MsgBeginRedelegateSchema, {
      delegatorAddress: this.account(this.delegator(i)),
      validatorSrcAddress: this.validator(validator),
      validatorDstAddress: this.validator(to),
      amount: coin(amount),
    });
  }

  /** Both hooks of a block, and what they cost. */
  block(block: WorldBlock = {}): HooksCost {
    this.height++;
    this.#seconds += block.seconds ?? SECONDS_A_BLOCK;
    const { chain, bank } = this.wiring;
    if ((block.fees ?? 0n) > 0n) {
      bank.send(this.context(), this.rich, moduleAddress(FEE_COLLECTOR), [{ denom: DENOM, amount: block.fees! }]);
    }
    const counted = noOperations();
    let from = performance.now();
    const begin = this.context(block, counted);
    for (const module of chain.modules) module.beginBlock?.(begin);
    let milliseconds = performance.now() - from;
    if (block.between !== undefined) block.between(this.context(block));
    from = performance.now();
    const end = this.endBlock(counted);
    milliseconds += performance.now() - from;
    return { ...counted, milliseconds, events: [...begin.events.list(), ...end.events.list()] };
  }

  endBlock(counted = noOperations()): Context {
    const ctx = this.context({}, counted);
    const { modules } = this.wiring.chain;
    for (const module of modules) module.endBlock?.(ctx);
    for (const module of modules) {
      const broken = module.checkBlock?.(ctx);
      if (broken !== undefined) throw new Error(broken);
    }
    return ctx;
  }

  /** What every invariant of the chain says; empty when all hold. */
  brokenInvariants(): string[] {
    const ctx = this.context();
    return this.wiring.chain.modules
      .flatMap(({ invariants = [] }) => invariants)
      .flatMap(({ name, check }) => {
        const broken = check(ctx);
        return broken === undefined ? [] : [`${name}: ${broken}`];
      });
  }

  /** Evidence that a validator has voted twice in this block, with the power that it has now. */
  doubleVote(i: number): Misbehavior {
    const { staking } = this.wiring;
    const ctx = this.context();
    return {
      type: "duplicate-vote",
      validator: Buffer.from(this.consAddress(i), "latin1"),
      power: staking.validator(ctx, this.operator(i))!.tokens / staking.powerReduction,
      height: this.height,
      timeNanos: this.#seconds * NANOS_PER_SECOND,
      totalVotingPower: staking.totalBonded(ctx) / staking.powerReduction,
    };
  }

  /** A proposal that is voted on at once. */
  propose(ctx: Context): bigint {
    const response = this.execute(ctx, MsgSubmitProposalSchema, {
      initialDeposit: [coin(100n * OWN_STAKE)],
      proposer: this.account(this.rich),
      title: "a title",
      summary: "a summary",
      metadata: "ipfs://why",
    });
    return (response as MsgSubmitProposalResponse).proposalId;
  }

  vote(ctx: Context, i: number, proposalId: bigint): void {
    const voter = this.account(this.delegator(i));
    this.execute(ctx, MsgVoteSchema, { proposalId, voter, option: i % 3 === 0 ? VoteOption.NO : VoteOption.YES });
  }

  #createValidator(i: number): void {
    const key = toBinary(PubKeySchema, create(PubKeySchema, { key: consKey(i) }));
    this.execute(this.context(), MsgCreateValidatorSchema, {
      description: { moniker: `validator ${i}` },
      commission: { rate: tenths(1n), maxRate: tenths(2n), maxChangeRate: tenths(1n) },
      minSelfDelegation: "1",
      validatorAddress: this.validator(i),
      pubkey: { typeUrl: `/${PubKeySchema.typeName}`, value: key },
      value: coin(OWN_STAKE),
    });
  }

  #votes(absent: ReadonlySet<number>): readonly CommitVote[] {
    const { staking } = this.wiring;
    const missing = new Set([...absent].map((i) => this.consAddress(i)));
    const ctx = new Context({
      block: { chainId: "world-1", height: this.height, timeNanos: 0n, proposerAddress: new Uint8Array(0) },
      mode: "query",
      gas: GasMeter.unlimited(),
      stores: this.#stores(),
    });
    return staking.bondedValidators(ctx).map(({ consAddress, tokens }) => ({
      validator: Buffer.from(consAddress, "latin1"),
      power: tokens / staking.powerReduction,
      signed: !missing.has(consAddress),
    }));
  }
}

const coin = (amount: bigint) => ({ denom: DENOM, amount: amount.toString() });
const tenths = (value: bigint) => (value * 10n ** 17n).toString();

function consKey(i: number): Uint8Array {
  return createHash("sha256").update(`consensus key ${i}`).digest();
}

function addressOf(name: string): AccAddress {
  return toByteString(createHash("sha256").update(name).digest().subarray(0, 20)) as AccAddress;
}
