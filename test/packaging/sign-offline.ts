// What somebody writes who has nothing of this repository but the packages: run by fresh-install.interop.test.ts in a
// folder of its own. Signs one message DIRECT and one in amino JSON, and prints what a node needs to check them.
import { create, toBinary } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import { createAminoConverters, createRegistry, message, parseCoin, rate } from "@computronium/client";
import { Msg, MsgPostOrderSchema } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { TxRawSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { fromBech32, toHex } from "@cosmjs/encoding";
import type { OfflineSigner } from "@cosmjs/proto-signing";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { AminoTypes, SigningStargateClient } from "@cosmjs/stargate";

const SIGNER = { chainId: "fresh-1", accountNumber: 7n, sequence: 3 };
const prefix = "cptm";

async function signed(signer: OfflineSigner): Promise<string> {
  const [account] = await signer.getAccounts();
  if (account === undefined) throw new Error("the wallet is empty");
  const order = message(MsgPostOrderSchema, {
    owner: account.address,
    requirements: { texts: [{ values: ["<a> & b", "\ufeffmark"] }] },
    maxPrice: rate("5ucptm", "second"),
    budget: parseCoin("600ucptm"),
    durationSeconds: (1n << 64n) - 1n,
  });
  const client = await SigningStargateClient.offline(signer, {
    registry: createRegistry([Msg]),
    aminoTypes: new AminoTypes(createAminoConverters([Msg])),
  });
  const fee = { amount: [{ denom: "ucptm", amount: "500" }], gas: "200000" };
  const { bodyBytes, authInfoBytes, signatures } = await client.sign(account.address, [order], fee, "", SIGNER);
  return toHex(encode(TxRawSchema, { bodyBytes, authInfoBytes, signatures }));
}

function encode(schema: DescMessage, value: Record<string, unknown>): Uint8Array {
  return toBinary(schema, create(schema, value));
}

const direct = await DirectSecp256k1HdWallet.generate(12, { prefix });
const amino = await Secp256k1HdWallet.fromMnemonic(direct.mnemonic, { prefix });
const [account] = await direct.getAccounts();
const { address } = account ?? { address: "" };
console.log(
  JSON.stringify({
    address,
    // cosmjs's own reader of addresses: what @scure/base 2.3 broke.
    readBack: fromBech32(address).prefix,
    direct: await signed(direct),
    amino: await signed(amino),
  }),
);
