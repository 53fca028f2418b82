import type { OfflineDirectSigner } from "@cosmjs/proto-signing";
import { DirectSecp256k1Wallet, encodePubkey, makeAuthInfoBytes, makeSignDoc } from "@cosmjs/proto-signing";
import { encodeSecp256k1Pubkey } from "@cosmjs/amino";
import { fromBase64, toUtf8 } from "@cosmjs/encoding";
import { sha256 } from "@cosmjs/crypto";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { TxBodySchema, TxRawSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { create, toBinary } from "../../core/codec/protobuf.js";
import { SCRIPTED_CHAIN_ID } from "./scripted-chain.js";

/** A key that signs transactions as cosmjs does, and counts their sequence. */
export class TestSigner {
  readonly address: string;
  readonly #wallet: OfflineDirectSigner;
  readonly #pubKey: Uint8Array;
  sequence = 0n;
  /** As genesis gives it out: in the order of the accounts. */
  accountNumber: bigint;

  private constructor(
    wallet: OfflineDirectSigner,
    account: { address: string; pubkey: Uint8Array },
    accountNumber: bigint,
  ) {
    this.#wallet = wallet;
    this.#pubKey = account.pubkey;
    this.address = account.address;
    this.accountNumber = accountNumber;
  }

  /** The same key for the same name. */
  static async named(name: string, options: { prefix?: string; accountNumber?: bigint } = {}): Promise<TestSigner> {
    const wallet = await DirectSecp256k1Wallet.fromKey(sha256(toUtf8(`test key ${name}`)), options.prefix ?? "cptm");
    const [account] = await wallet.getAccounts();
    return new TestSigner(wallet, account!, options.accountNumber ?? 0n);
  }

  /** A signed transaction; the next one follows it. */
  async sign(messages: readonly SignedMessage[], options: SignOptions = {}): Promise<Uint8Array> {
    const bodyBytes = toBinary(
      TxBodySchema,
      create(TxBodySchema, {
        messages: messages.map(({ schema, value }) => ({
          typeUrl: `/${schema.typeName}`,
          value: toBinary(schema, create(schema, value)),
        })),
        ...options.body,
      }),
    );
    const sequence = options.sequence ?? this.sequence;
    const authInfoBytes = makeAuthInfoBytes(
      [{ pubkey: encodePubkey(encodeSecp256k1Pubkey(this.#pubKey)), sequence: Number(sequence) }],
      options.fee ?? [{ denom: "ucptm", amount: "1000" }],
      Number(options.gas ?? 200_000n),
      options.feeGranter,
      undefined,
    );
    const chainId = options.chainId ?? SCRIPTED_CHAIN_ID;
    const signDoc = makeSignDoc(bodyBytes, authInfoBytes, chainId, Number(this.accountNumber));
    const { signature } = await this.#wallet.signDirect(this.address, signDoc);
    if (options.sequence === undefined && options.body?.unordered !== true) this.sequence++;
    return toBinary(
      TxRawSchema,
      create(TxRawSchema, { bodyBytes, authInfoBytes, signatures: [fromBase64(signature.signature)] }),
    );
  }
}

export interface SignedMessage {
  readonly schema: DescMessage;
  readonly value: Record<string, unknown>;
}

export interface SignOptions {
  readonly fee?: { denom: string; amount: string }[];
  readonly gas?: bigint;
  /** Who pays instead, by a fee grant. */
  readonly feeGranter?: string;
  readonly chainId?: string;
  /** Signs with this one, and leaves the count as it is. */
  readonly sequence?: bigint;
  /** Other fields of the body: memo, timeouts, unordered. */
  readonly body?: Omit<MessageInitShape<typeof TxBodySchema>, "messages" | "$typeName">;
}

/** A message for {@link TestSigner.sign}. */
export function message<D extends DescMessage>(schema: D, value: MessageInitShape<D>): SignedMessage {
  return { schema, value: value as Record<string, unknown> };
}
