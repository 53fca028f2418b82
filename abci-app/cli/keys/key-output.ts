import type { Addresses } from "../../../core/address.js";
import type { KeyRecord } from "../../keyring/record.js";
import { recordAddress } from "../../keyring/record.js";
import { publicKeyToJson } from "../../keyring/public-key-json.js";

/** What `keys show` prints, as the SDK's KeyOutput. */
export interface KeyOutput {
  readonly name: string;
  readonly type: string;
  readonly address: string;
  /** JSON in a text. */
  readonly pubkey: string;
  readonly mnemonic?: string;
}

/** Which kind of address: of an account, of a validator's operator, of its consensus key. */
export type AddressKind = "acc" | "val" | "cons";

export function keyOutput(record: KeyRecord, addresses: Addresses, kind: AddressKind = "acc"): KeyOutput {
  return {
    name: record.name,
    type: record.type,
    address: addressText(record, addresses, kind),
    pubkey: JSON.stringify(publicKeyToJson(record.publicKey)),
  };
}

function addressText(record: KeyRecord, addresses: Addresses, kind: AddressKind): string {
  const address = recordAddress(record);
  // The bytes are the same under each prefix.
  switch (kind) {
    case "acc":
      return addresses.account.encode(address);
    case "val":
      return addresses.validator.encode(address as string as Parameters<typeof addresses.validator.encode>[0]);
    case "cons":
      return addresses.consensus.encode(address as string as Parameters<typeof addresses.consensus.encode>[0]);
  }
}
