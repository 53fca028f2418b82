import type { AnyPubKey } from "../../modules/auth/types.js";

/**
 * Stands for the key of an account that has none yet while a transaction is simulated: any point of the curve, as long as
 * gas comes out as with a real one. The same as in x/auth/ante/sigverify.go, `simSecp256k1Pubkey`.
 */
export const PLACEHOLDER_KEY: AnyPubKey = {
  typeUrl: "/cosmos.crypto.secp256k1.PubKey",
  value: Buffer.from("0a21" + "035ad6810a47f073553ff30d2fcc7e0d3b1c0b74b61a1aaa2582344037151e143a", "hex"),
};
