// Tier: test. Budget: 2 s.
import { describe, expect, it } from "@jest/globals";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { LegacyAminoPubKeySchema } from "@computronium/proto/cosmos/crypto/multisig/keys_pb.js";
import { PubKeySchema } from "@computronium/proto/cosmos/crypto/secp256k1/keys_pb.js";

import { create, toBinary } from "../../core/codec/protobuf.js";
import { readKey } from "./step.js";

function packed<D extends DescMessage>(schema: D, fields: MessageInitShape<D>) {
  return { typeUrl: `/${schema.typeName}`, value: toBinary(schema, create(schema, fields)) };
}

const single = packed(PubKeySchema, { key: new Uint8Array(33).fill(2) });
const multisig = (keys: number) =>
  packed(LegacyAminoPubKeySchema, { threshold: 1, publicKeys: Array.from({ length: keys }, () => single) });

describe("A public key of a transaction", () => {
  it("is held for the next one when it is short", () => {
    expect(readKey({ ...single })).toBe(readKey({ ...single }));
    expect(readKey(multisig(2))).toBe(readKey(multisig(2)));
  });

  it("is read anew, to the same, when it is so long that strangers could fill the memory with it", () => {
    const long = multisig(1_000);
    expect(readKey(long)).not.toBe(readKey(long));
    expect(readKey(long)).toEqual(readKey(long));
  });
});
