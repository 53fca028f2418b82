import { createHash } from "node:crypto";

import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { PubKeySchema } from "@computronium/proto/cosmos/crypto/ed25519/keys_pb.js";
import {
  MsgBeginRedelegateSchema,
  MsgCancelUnbondingDelegationSchema,
  MsgCreateValidatorSchema,
  MsgDelegateSchema,
  MsgUndelegateSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import type { AccAddress, ValAddress } from "../../core/address.js";
import { Addresses } from "../../core/address.js";
import { toByteString } from "../../core/bytes.js";
import type { AppState } from "../../core/runtime/genesis.js";
import type { NodeApplicationOptions } from "../../abci-app/node-application.js";
import { appStateWith, plainEconomy } from "./app-state.js";
import type { ScriptedBlock, ScriptedBlockOptions } from "./scripted-chain.js";
import { ScriptedChain } from "./scripted-chain.js";
import type { SignedMessage } from "./signer.js";
import { message, TestSigner } from "./signer.js";

export interface StakeChainOptions {
  /** Names; each has a key, an account with coins and, if it wants to, a validator. */
  readonly accounts: readonly string[];
  /** Base units of each account. */
  readonly amount?: bigint;
  readonly appState?: AppState;
  readonly application?: Partial<NodeApplicationOptions>;
  readonly home?: string;
}

export interface StakeBlockOptions extends Pick<ScriptedBlockOptions, "seconds" | "misbehavior"> {
  /** Whose votes are missing in the commit of the block before. */
  readonly absent?: readonly string[];
  /** Who proposes; the strongest validator by default. */
  readonly proposer?: string;
}

const ADDRESSES = new Addresses("cptm");
const GAS = 2_000_000n;

/** Of a denom, as text. */
const coin = (amount: bigint) => ({ denom: "ucptm", amount: amount.toString() });
/** Raw count of 10^-18, from thousandths. */
const thousandths = (value: bigint) => (value * 10n ** 15n).toString();

/**
 * A scripted chain with people who stake. It keeps the validator set as CometBFT does: what a block returns counts two
 * blocks later, and every validator votes unless it is told not to. All invariants are checked after every block.
 */
export class StakeChain {
  readonly chain: ScriptedChain;
  readonly #signers: ReadonlyMap<string, TestSigner>;
  /** Consensus key (hex) → power: of the commit that comes with the next block, and of the two behind it. */
  #sets: [Map<string, bigint>, Map<string, bigint>, Map<string, bigint>] = [new Map(), new Map(), new Map()];

  private constructor(chain: ScriptedChain, signers: ReadonlyMap<string, TestSigner>) {
    this.chain = chain;
    this.#signers = signers;
  }

  static async start(options: StakeChainOptions): Promise<StakeChain> {
    const signers = await StakeChain.signers(options.accounts);
    const amount = options.amount ?? 1_000_000_000_000n;
    const holders = [...signers.values()].map(({ address }) => ({ address, amount }));
    const chain = await ScriptedChain.start({
      appState: { ...appStateWith(holders), ...plainEconomy(), ...options.appState },
      ...(options.home === undefined ? {} : { home: options.home }),
      application: { invariantCheckPeriod: 1, ...options.application },
    });
    return new StakeChain(chain, signers);
  }

  static async signers(names: readonly string[]): Promise<ReadonlyMap<string, TestSigner>> {
    const signers = new Map<string, TestSigner>();
    for (const [i, name] of names.entries()) {
      signers.set(name, await TestSigner.named(name, { accountNumber: BigInt(i) }));
    }
    return signers;
  }

  account(name: string): string {
    return this.signer(name).address;
  }

  accountBytes(name: string): AccAddress {
    return ADDRESSES.account.decode(this.account(name));
  }

  operator(name: string): string {
    return ADDRESSES.validator.encode(this.operatorBytes(name));
  }

  operatorBytes(name: string): ValAddress {
    return this.accountBytes(name) as string as ValAddress;
  }

  consKey(name: string): Uint8Array {
    return createHash("sha256").update(`consensus key of ${name}`).digest();
  }

  /** 20 bytes. */
  consAddress(name: string): Uint8Array {
    return createHash("sha256").update(this.consKey(name)).digest().subarray(0, 20);
  }

  consText(name: string): string {
    return ADDRESSES.consensus.encode(toByteString(this.consAddress(name)) as never);
  }

  signer(name: string): TestSigner {
    const signer = this.#signers.get(name);
    if (signer === undefined) throw new Error(`nobody is named ${name}`);
    return signer;
  }

  /** Power that CometBFT has of a validator after the last block. */
  power(name: string): bigint {
    return this.#sets[2].get(Buffer.from(this.consKey(name)).toString("hex")) ?? 0n;
  }

  /** A block with one transaction for each [name, message]. */
  async block(
    messages: readonly (readonly [name: string, message: SignedMessage])[] = [],
    options: StakeBlockOptions = {},
  ): Promise<ScriptedBlock> {
    const txs: Uint8Array[] = [];
    for (const [name, sent] of messages) txs.push(await this.signer(name).sign([sent], { gas: GAS }));
    const { seconds, misbehavior, absent = [], proposer } = options;
    const absentAddresses = new Set(absent.map((name) => Buffer.from(this.consAddress(name)).toString("hex")));
    const votes = [...this.#sets[0]].map(([keyHex, power]) => {
      const address = createHash("sha256").update(Buffer.from(keyHex, "hex")).digest().subarray(0, 20);
      return { validator: address, power, signed: !absentAddresses.has(address.toString("hex")) };
    });
    const strongest = [...votes].sort((a, b) => Number(b.power - a.power))[0]?.validator;
    const proposerAddress = proposer === undefined ? strongest : this.consAddress(proposer);
    const block = await this.chain.block(txs, {
      ...(seconds === undefined ? {} : { seconds }),
      ...(misbehavior === undefined ? {} : { misbehavior }),
      ...(proposerAddress === undefined ? {} : { proposer: proposerAddress }),
      votes,
    });
    this.#apply(block);
    return block;
  }

  /** {@link block}, of which every transaction must succeed. */
  async run(...messages: readonly (readonly [name: string, message: SignedMessage])[]): Promise<ScriptedBlock> {
    const block = await this.block(messages);
    for (const { code, log } of block.txResults) if (code !== 0) throw new Error(log);
    return block;
  }

  #apply(block: ScriptedBlock): void {
    const next = new Map(this.#sets[2]);
    for (const { pubKey, power = 0n } of block.validatorUpdates ?? []) {
      const key = pubKey?.sum;
      if (key?.case !== "ed25519") throw new Error("a validator without an ed25519 key");
      const hex = Buffer.from(key.value as Uint8Array).toString("hex");
      if (power > 0n) next.set(hex, power);
      else if (!next.delete(hex)) throw new Error("CometBFT stops: a validator is removed that it does not know");
    }
    if (this.#sets[2].size > 0 && next.size === 0) throw new Error("CometBFT stops: no validators are left");
    this.#sets = [this.#sets[1], this.#sets[2], next];
  }

  async query<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>> {
    const path = `/${method.parent.typeName}/${method.name}`;
    const answer = await this.chain.query(path, toBinary(method.input, create(method.input, request)));
    if ((answer.code ?? 0) !== 0) throw new Error(answer.log);
    return fromBinary(method.output, answer.value ?? new Uint8Array(0));
  }

  createValidator(
    name: string,
    options: { amount: bigint; rate?: bigint; minSelf?: bigint; maxChange?: bigint },
  ): readonly [string, SignedMessage] {
    const { amount, rate = 100n, minSelf = 1n, maxChange = 10n } = options;
    return [
      name,
      message(MsgCreateValidatorSchema, {
        description: { moniker: name },
        commission: {
          rate: thousandths(rate),
          maxRate: thousandths(200n),
          maxChangeRate: thousandths(maxChange),
        },
        minSelfDelegation: minSelf.toString(),
        delegatorAddress: "",
        validatorAddress: this.operator(name),
        pubkey: anyOf(PubKeySchema, { key: this.consKey(name) }),
        value: coin(amount),
      }),
    ];
  }

  delegate(name: string, validator: string, amount: bigint): readonly [string, SignedMessage] {
    return [
      name,
      message(MsgDelegateSchema, {
        delegatorAddress: this.account(name),
        validatorAddress: this.operator(validator),
        amount: coin(amount),
      }),
    ];
  }

  undelegate(name: string, validator: string, amount: bigint): readonly [string, SignedMessage] {
    return [
      name,
      message(MsgUndelegateSchema, {
        delegatorAddress: this.account(name),
        validatorAddress: this.operator(validator),
        amount: coin(amount),
      }),
    ];
  }

  redelegate(name: string, from: string, to: string, amount: bigint): readonly [string, SignedMessage] {
    return [
      name,
      message(MsgBeginRedelegateSchema, {
        delegatorAddress: this.account(name),
        validatorSrcAddress: this.operator(from),
        validatorDstAddress: this.operator(to),
        amount: coin(amount),
      }),
    ];
  }

  cancelUnbonding(
    name: string,
    validator: string,
    options: { amount: bigint; height: bigint },
  ): readonly [string, SignedMessage] {
    return [
      name,
      message(MsgCancelUnbondingDelegationSchema, {
        delegatorAddress: this.account(name),
        validatorAddress: this.operator(validator),
        amount: coin(options.amount),
        creationHeight: options.height,
      }),
    ];
  }

  async close(): Promise<void> {
    await this.chain.close();
  }
}

function anyOf<D extends DescMessage>(schema: D, value: MessageInitShape<D>) {
  return { typeUrl: `/${schema.typeName}`, value: toBinary(schema, create(schema, value)) };
}
