import type { ValAddress } from "../core/address.js";
import { Addresses } from "../core/address.js";
import { DEC_ONE, parseDec } from "../core/math/dec.js";
import { documentToJson } from "../abci-app/cli/tx/document.js";
import { makeGentx } from "../abci-app/genutil/gentx.js";
import { COIN_TYPE, deriveKey, hdPath } from "../abci-app/keyring/mnemonic.js";
import type { LocalAccount } from "./accounts.js";
import type { Json } from "./genesis.js";
import type { NodeHome } from "./node-home.js";

/** What an operator has beside its stake, in base units: enough for the fees of many transactions. */
export const OPERATOR_BALANCE = 1_000_000_000n;
/** Of the rewards; also what it can rise by in a day. */
const COMMISSION = parseDec("0.1")!;

/** Name of the account that runs the validator of this node. */
export function operatorName(node: number): string {
  return `operator${node}`;
}

/** The operator's address as staking knows its validator: `cptmvaloper1…`. */
export function validatorAddress({ address }: LocalAccount, prefix: string): string {
  const addresses = new Addresses(prefix);
  return addresses.validator.encode(addresses.account.decode(address) as string as ValAddress);
}

/** The transaction of genesis by which an operator makes its node a validator, and stakes for it. */
export function genesisStake(
  node: { readonly name: string; readonly home: NodeHome; readonly operator: LocalAccount },
  chain: { readonly chainId: string; readonly prefix: string; readonly denom: string; readonly stake: bigint },
): Json {
  const { mnemonic } = node.operator;
  const key = deriveKey({ mnemonic, path: hdPath({ coinType: COIN_TYPE, account: 0, index: 0 }) });
  const tx = makeGentx(new Addresses(chain.prefix), key, {
    chainId: chain.chainId,
    consensusKey: node.home.validatorPubKey(),
    selfDelegation: { denom: chain.denom, amount: chain.stake },
    minSelfDelegation: 1n,
    commission: { rate: COMMISSION, maxRate: DEC_ONE, maxChangeRate: COMMISSION },
    description: { moniker: node.name },
    // Peers find each other by their config.toml.
    memo: "",
  });
  return JSON.parse(documentToJson(tx)) as Json;
}
