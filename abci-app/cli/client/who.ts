import type { AccAddress, ValAddress } from "../../../core/address.js";
import { recordAddress } from "../../keyring/record.js";
import type { Client } from "./client-flags.js";

/** Somebody named on the command line. */
export interface Who {
  readonly address: AccAddress;
  /** The address in bech32. */
  readonly text: string;
}

/** The account behind a name in the keyring, or an address. Throws an Error that says what neither is. */
export async function whoIs({ addresses, keyring }: Client, nameOrAddress: string): Promise<Who> {
  let why: string;
  try {
    const address = addresses.account.decode(nameOrAddress);
    return { address, text: addresses.account.encode(address) };
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  // What looks like an address is none by mistake, and no name.
  if (!(await keyring.has(nameOrAddress))) {
    throw new Error(`"${nameOrAddress}" is neither a key in the keyring "${keyring.backend}" nor an address: ${why}`);
  }
  const address = recordAddress(await keyring.get(nameOrAddress));
  return { address, text: addresses.account.encode(address) };
}

/** The operator of a validator: by its own address, or that of its account, or the name of its key, which are the same bytes. */
export async function operatorIs(client: Client, nameOrAddress: string): Promise<Who> {
  const { validator } = client.addresses;
  if (!nameOrAddress.startsWith(`${validator.prefix}1`)) return whoIs(client, nameOrAddress);
  const address = validator.decode(nameOrAddress) as string as AccAddress;
  return { address, text: client.addresses.account.encode(address) };
}

/** The address of the validator that an account operates. */
export function operatorText({ addresses }: Client, { address }: Who): string {
  return addresses.validator.encode(address as string as ValAddress);
}

/** The name of the key of `nameOrAddress`. Throws a KeyringError when the keyring does not have it. */
export async function keyNameOf(client: Client, nameOrAddress: string): Promise<string> {
  if (await client.keyring.has(nameOrAddress)) return nameOrAddress;
  const { address, text } = await whoIs(client, nameOrAddress);
  const record = await client.keyring.byAddress(address);
  if (record === undefined) throw new Error(`the keyring "${client.keyring.backend}" has no key of ${text}`);
  return record.name;
}
