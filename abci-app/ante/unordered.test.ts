// Tier: test. Budget: 5 s. Transactions without a sequence (SDK 0.53, unordered), through the whole ante chain.
import { describe, expect, it } from "@jest/globals";
import { fromBase64 } from "@cosmjs/encoding";
import { encodePubkey, makeAuthInfoBytes, makeSignDoc } from "@cosmjs/proto-signing";
import { TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { NANOS_PER_SECOND } from "../../core/runtime/context.js";
import { TEST_BLOCK } from "../../core/testing/memory.js";
import { unorderedNonces } from "../../modules/auth/state.js";
import type { AnteChain } from "../../test/kit/ante-chain.js";
import { CHAIN_ID, STD_FEE, registry, sendMessage, anteChain } from "../../test/kit/ante-chain.js";

describe("an unordered transaction", () => {
  const after = (seconds: bigint) => ({
    unordered: true,
    timeoutTimestamp: { seconds: TEST_BLOCK.timeNanos / NANOS_PER_SECOND + seconds, nanos: 0 },
  });
  // cosmjs-types 0.11 knows SDK 0.50: the two fields are appended to the body as they stand in SDK 0.53.
  async function unordered(chain: AnteChain, body: ReturnType<typeof after> | { unordered: true }, sequence = 0) {
    const timeout = "timeoutTimestamp" in body ? varintField(1, body.timeoutTimestamp.seconds) : undefined;
    const extra = [...[0x20, 1], ...(timeout === undefined ? [] : [0x2a, timeout.length, ...timeout])];
    return withBody(chain, extra, sequence);
  }
  function varintField(number: number, value: bigint): number[] {
    const bytes = [number << 3];
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    return [...bytes, Number(rest)];
  }
  async function withBody({ wallet, sender, pubkey, accountNumber }: AnteChain, extra: number[], sequence: number) {
    const plain = TxBody.encode(TxBody.fromPartial({ messages: [registry.encodeAsAny(sendMessage(sender))] })).finish();
    const bodyBytes = Uint8Array.from([...plain, ...extra]);
    const key = encodePubkey({ type: "tendermint/PubKeySecp256k1", value: Buffer.from(pubkey).toString("base64") });
    const authInfo = makeAuthInfoBytes([{ pubkey: key, sequence }], STD_FEE.amount, 200_000, undefined, undefined);
    const doc = makeSignDoc(bodyBytes, authInfo, CHAIN_ID, Number(accountNumber));
    const { signature } = await wallet.signDirect(sender, doc);
    return TxRaw.encode(
      TxRaw.fromPartial({ bodyBytes, authInfoBytes: authInfo, signatures: [fromBase64(signature.signature)] }),
    ).finish();
  }

  it("runs once, leaves the sequence alone, and others with other timeouts run beside it", async () => {
    const chain = await anteChain();
    const first = await unordered(chain, after(60n));
    const { events } = chain.run(first);
    expect(events.some(({ attributes }) => attributes[0]?.key === "acc_seq")).toBe(false);
    expect(chain.account()).toMatchObject({ sequence: 0n });
    expect(chain.failure(first)[2]).toBe(
      `failed to add unordered nonce: sender ${chain.sender} has already used timeout ${TEST_BLOCK.timeNanos + 60n * NANOS_PER_SECOND}: invalid request`,
    );
    chain.run(await unordered(chain, after(61n)));
  });

  it("is still refused a second time at its timeout, and its nonce is forgotten after it", async () => {
    const chain = await anteChain();
    const raw = await unordered(chain, after(60n));
    chain.run(raw);
    const at = (seconds: bigint) => ({ block: { timeNanos: TEST_BLOCK.timeNanos + seconds * NANOS_PER_SECOND } });
    const nonces = () => [...unorderedNonces.keys(chain.genesis)].length;
    chain.accounts.removeExpiredNonces(chain.contextAt(at(60n)));
    expect(nonces()).toBe(1);
    expect(chain.failure(raw, at(60n))[2]).toContain("has already used timeout");
    chain.accounts.removeExpiredNonces(chain.contextAt(at(61n)));
    expect(nonces()).toBe(0);
    expect(chain.failure(raw, at(61n))[1]).toBe(42);
  });

  it("needs a timeout that is ahead, by ten minutes at most, and no sequence", async () => {
    const chain = await anteChain();
    const log = async (body: Parameters<typeof unordered>[1], sequence = 0) =>
      chain.failure(await unordered(chain, body, sequence))[2];
    expect(await log({ unordered: true })).toBe(
      "unordered transaction must have timeout_timestamp set: invalid request",
    );
    expect(await log(after(601n))).toBe("unordered tx ttl exceeds 10m0s: invalid request");
    expect(await log(after(-1n))).toBe(
      "block time: 2027-01-15 08:00:00 +0000 UTC, timeout timestamp: 2027-01-15 07:59:59 +0000 UTC: tx timeout",
    );
    expect(await log(after(60n), 4)).toBe("sequence is not allowed for unordered transactions: invalid request");
  });
});
