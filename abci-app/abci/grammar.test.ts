// Tier: test. Budget: 1 s.
import { describe, expect, it } from "@jest/globals";
import { create } from "@bufbuild/protobuf";
import type { Request } from "@computronium/proto/tendermint/abci/types_pb.js";
import { RequestSchema } from "@computronium/proto/tendermint/abci/types_pb.js";

import type { CallName } from "./grammar.js";
import { CallGrammar } from "./grammar.js";

const consensus = { name: "consensus" };
const snapshot = { name: "snapshot" };
const stranger = { name: "stranger" };

function call(name: CallName, fields: object = {}): Request["value"] {
  return create(RequestSchema, { value: { case: name, value: fields } as never }).value;
}

/** Runs a call to its end and returns why it was refused, if it was. */
function run(
  grammar: CallGrammar,
  name: CallName,
  fields: object = {},
  origin: object = consensus,
): string | undefined {
  const value = call(name, fields);
  try {
    if (grammar.begin(value, origin)) grammar.end(value, origin);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A grammar after InitChain with that initial height. */
function started(initialHeight = 1n): CallGrammar {
  const grammar = new CallGrammar(0n);
  expect(run(grammar, "initChain", { initialHeight })).toBeUndefined();
  return grammar;
}

describe("the grammar of ABCI calls", () => {
  it("admits genesis and blocks with all their proposals and votes", () => {
    const grammar = started();
    for (const height of [1n, 2n, 3n]) {
      for (const name of [
        "prepareProposal",
        "processProposal",
        "processProposal",
        "extendVote",
        "verifyVoteExtension",
      ] as const) {
        expect(run(grammar, name, { height })).toBeUndefined();
      }
      expect(run(grammar, "finalizeBlock", { height })).toBeUndefined();
      expect(run(grammar, "commit")).toBeUndefined();
    }
  });

  it("begins at the initial height of genesis", () => {
    const grammar = started(100n);
    expect(run(grammar, "finalizeBlock", { height: 1n })).toBe("FinalizeBlock came for height 1; 100 is next");
    expect(run(grammar, "finalizeBlock", { height: 100n })).toBeUndefined();
  });

  it("goes on after a restart from the committed height, without InitChain", () => {
    const grammar = new CallGrammar(7n);
    expect(run(grammar, "initChain")).toBe("InitChain came, but height 7 is committed");
    expect(run(grammar, "finalizeBlock", { height: 8n })).toBeUndefined();
    expect(run(grammar, "commit")).toBeUndefined();
  });

  it("refuses everything that comes before InitChain, a height out of order, and a Commit without its block", () => {
    const grammar = new CallGrammar(0n);
    expect(run(grammar, "finalizeBlock", { height: 1n })).toBe("FinalizeBlock came before InitChain");
    expect(run(grammar, "processProposal", { height: 1n })).toBe("processProposal came before InitChain");
    expect(run(grammar, "commit")).toBe("Commit came without FinalizeBlock");
    expect(run(grammar, "initChain", { initialHeight: 1n })).toBeUndefined();
    expect(run(grammar, "initChain", { initialHeight: 1n })).toBe("InitChain came twice");
    expect(run(grammar, "finalizeBlock", { height: 2n })).toBe("FinalizeBlock came for height 2; 1 is next");
    expect(run(grammar, "finalizeBlock", { height: 1n })).toBeUndefined();
    expect(run(grammar, "finalizeBlock", { height: 1n })).toBe("FinalizeBlock of 1 came before the Commit of 1");
    expect(run(grammar, "finalizeBlock", { height: 2n })).toBe("FinalizeBlock of 2 came before the Commit of 1");
    expect(run(grammar, "prepareProposal", { height: 2n })).toBe("prepareProposal came before the Commit of 1");
    expect(run(grammar, "commit", {}, stranger)).toBe("Commit of 1 came on another connection than its FinalizeBlock");
    expect(run(grammar, "commit")).toBeUndefined();
    expect(run(grammar, "commit")).toBe("Commit came without FinalizeBlock");
  });

  it("admits one call that changes state at a time, and reading ones meanwhile", () => {
    const grammar = started();
    const block = call("finalizeBlock", { height: 1n });
    expect(grammar.begin(block, consensus)).toBe(true);
    expect(run(grammar, "commit", {}, stranger)).toBe("commit came while finalizeBlock is in progress");
    for (const name of ["checkTx", "query", "info", "echo", "flush", "listSnapshots", "loadSnapshotChunk"] as const) {
      expect(run(grammar, name, {}, stranger)).toBeUndefined();
    }
    grammar.end(block, consensus);
    expect(run(grammar, "commit")).toBeUndefined();
  });

  it("lets a restarted CometBFT begin again what its predecessor did not commit", () => {
    const grammar = started();
    grammar.closed(consensus);
    const second = {};
    expect(run(grammar, "initChain", { initialHeight: 1n }, second)).toBeUndefined();
    expect(run(grammar, "finalizeBlock", { height: 1n }, second)).toBeUndefined();
    grammar.closed(second);
    const third = {};
    expect(run(grammar, "commit", {}, third)).toBe("Commit came without FinalizeBlock");
    expect(run(grammar, "initChain", { initialHeight: 1n }, third)).toBeUndefined();
    expect(run(grammar, "finalizeBlock", { height: 1n }, third)).toBeUndefined();
    expect(run(grammar, "commit", {}, third)).toBeUndefined();
  });

  it("lets no other connection decide while the one lives that the blocks come on", () => {
    const word = "came on another connection than CometBFT's, which still has the word";
    for (const grammar of [started(), new CallGrammar(0n), new CallGrammar(6n)]) {
      const height =
        run(grammar, "initChain", { initialHeight: 1n }) === "InitChain came, but height 6 is committed" ? 7n : 1n;
      expect(run(grammar, "finalizeBlock", { height })).toBeUndefined();
      expect(run(grammar, "commit")).toBeUndefined();
      const next = height + 1n;
      for (const name of ["prepareProposal", "processProposal", "extendVote", "verifyVoteExtension"] as const) {
        expect(run(grammar, name, { height: next }, stranger)).toBe(`${name} ${word}`);
      }
      expect(run(grammar, "finalizeBlock", { height: next }, stranger)).toBe(`finalizeBlock ${word}`);
      expect(run(grammar, "finalizeBlock", { height: next })).toBeUndefined();
      expect(run(grammar, "commit")).toBeUndefined();
      grammar.closed(consensus);
      expect(run(grammar, "finalizeBlock", { height: next + 1n }, stranger)).toBeUndefined();
      expect(run(grammar, "commit", {}, stranger)).toBeUndefined();
    }
  });

  it("forgets a block whose connection closed while it was executed", () => {
    const grammar = new CallGrammar(4n);
    const block = call("finalizeBlock", { height: 5n });
    grammar.begin(block, consensus);
    grammar.closed(consensus);
    grammar.end(block, consensus);
    expect(run(grammar, "finalizeBlock", { height: 5n }, stranger)).toBeUndefined();
  });

  it("goes on at the height of a restored snapshot, once Info has said it", () => {
    const grammar = new CallGrammar(0n);
    expect(run(grammar, "applySnapshotChunk", {}, snapshot)).toBe(
      "ApplySnapshotChunk came without an accepted OfferSnapshot",
    );
    const refused = call("offerSnapshot");
    grammar.begin(refused, snapshot);
    grammar.end(refused, snapshot, false);
    expect(run(grammar, "applySnapshotChunk", {}, snapshot)).toBeDefined();
    expect(run(grammar, "offerSnapshot", {}, snapshot)).toBeUndefined();
    expect(run(grammar, "applySnapshotChunk", {}, snapshot)).toBeUndefined();
    expect(run(grammar, "initChain")).toBe("InitChain came while a snapshot is being restored");
    grammar.sawInfo(0n);
    expect(run(grammar, "applySnapshotChunk", {}, snapshot)).toBeUndefined();
    grammar.sawInfo(40n);
    expect(run(grammar, "applySnapshotChunk", {}, snapshot)).toBeDefined();
    expect(run(grammar, "finalizeBlock", { height: 41n })).toBeUndefined();
  });

  it("refuses a snapshot where there is a state already", () => {
    expect(run(started(), "offerSnapshot")).toBe("OfferSnapshot came, but the chain has a state already");
    expect(run(new CallGrammar(3n), "offerSnapshot")).toBe("OfferSnapshot came, but the chain has a state already");
  });
});
