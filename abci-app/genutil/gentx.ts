import { PubKeySchema } from "@computronium/proto/cosmos/crypto/ed25519/keys_pb.js";
import { MsgCreateValidatorSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import { TxSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import type { AccAddress, Addresses, ValAddress } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { packAny } from "../../core/codec/registry.js";
import { addressOf } from "../../core/crypto/key-address.js";
import type { Coin } from "../../core/math/coins.js";
import { coinMessage } from "../../core/math/coins.js";
import type { Dec } from "../../core/math/dec.js";
import type { TxDocument } from "../cli/tx/document.js";
import { signTx } from "../cli/tx/sign.js";
import type { PrivateKey } from "../keyring/private-key.js";

/** What a genesis transaction says of its validator. */
export interface GenesisValidatorPlan {
  readonly chainId: string;
  /** ed25519, 32 bytes: the key with which the node votes. */
  readonly consensusKey: Uint8Array;
  readonly selfDelegation: Coin;
  readonly minSelfDelegation: bigint;
  readonly commission: { readonly rate: Dec; readonly maxRate: Dec; readonly maxChangeRate: Dec };
  readonly description: {
    readonly moniker: string;
    readonly identity?: string;
    readonly website?: string;
    readonly securityContact?: string;
    readonly details?: string;
  };
  /** `<node id>@<address>:<port>`, at which others reach the node. */
  readonly memo: string;
}

/** Clients' habit for a gentx; nobody is charged at genesis. */
const GAS_LIMIT = 200_000n;

/** A transaction that makes a validator at genesis, signed by its operator: account number and sequence are 0 there. */
export function makeGentx(addresses: Addresses, key: PrivateKey, plan: GenesisValidatorPlan): TxDocument {
  const operator = addressOf(key.publicKey);
  const { rate, maxRate, maxChangeRate } = plan.commission;
  const message = create(MsgCreateValidatorSchema, {
    description: { ...plan.description },
    commission: { rate: rate.toString(), maxRate: maxRate.toString(), maxChangeRate: maxChangeRate.toString() },
    minSelfDelegation: plan.minSelfDelegation.toString(),
    // Deprecated, and the operator's anyway; the SDK's own gentx still has it.
    delegatorAddress: addresses.account.encode(operator),
    validatorAddress: addresses.validator.encode(operator as string as ValAddress),
    pubkey: packAny(PubKeySchema, create(PubKeySchema, { key: plan.consensusKey })),
    value: coinMessage(plan.selfDelegation),
  });
  const tx = create(TxSchema, {
    body: { messages: [packAny(MsgCreateValidatorSchema, message)], memo: plan.memo },
    authInfo: { fee: { gasLimit: GAS_LIMIT } },
  });
  const order: readonly AccAddress[] = [operator];
  const signer = { chainId: plan.chainId, accountNumber: 0n, sequence: 0n };
  return signTx(tx, { key, mode: SignMode.DIRECT, signer, order }, { alone: true });
}
