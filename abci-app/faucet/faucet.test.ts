// Tier: test. Budget: 5 s. Parts of the faucet: limits, the queue, who a client is.
import type { IncomingMessage } from "node:http";

import { describe, expect, it } from "@jest/globals";

import { Giver } from "./giver.js";
import { WindowLimit } from "./limits.js";
import { clientOf } from "./server.js";

describe("a limit", () => {
  it("lets so many through within a window, which slides", () => {
    let now = 0;
    const limit = new WindowLimit({ max: 2, windowMilliseconds: 100 }, () => now);
    expect([limit.take("a").ok, limit.take("b").ok]).toEqual([true, true]);
    now = 60;
    expect(limit.take("a").ok).toBe(true);
    expect(limit.take("a")).toEqual({ ok: false, retryMilliseconds: 40 });
    now = 100;
    expect(limit.take("a").ok).toBe(true);
    expect(limit.take("a")).toEqual({ ok: false, retryMilliseconds: 60 });
  });

  it("gives back what did not happen", () => {
    const limit = new WindowLimit({ max: 1, windowMilliseconds: 100 }, () => 0);
    limit.take("a");
    limit.giveBack("a");
    limit.giveBack("unknown");
    expect(limit.take("a").ok).toBe(true);
  });
});

describe("the queue of a faucet", () => {
  it("pays who asks meanwhile together, one transaction after the other, and goes on after a failure", async () => {
    const paid: (readonly string[])[] = [];
    const giver = new Giver(async (addresses) => {
      paid.push(addresses);
      await Promise.resolve();
      if (addresses.includes("bad")) throw new Error("no coins");
      return `hash ${paid.length}`;
    });
    const all = ["a", "b", "bad"].map((address) => giver.give(address));
    const results = await Promise.allSettled(all);
    expect(paid).toEqual([["a"], ["b", "bad"]]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(await giver.give("c")).toBe("hash 3");
  });

  it("takes no more than it can hold", async () => {
    let release: () => void = () => undefined;
    const giver = new Giver(() => new Promise((resolve) => (release = () => resolve("hash"))));
    const first = giver.give("first");
    const waiting = Array.from({ length: 1000 }, () => giver.give("x").catch(() => undefined));
    await expect(giver.give("last")).rejects.toMatchObject({ status: 503 });
    release();
    expect(await first).toBe("hash");
    expect(waiting).toHaveLength(1000);
  });
});

describe("a client of the faucet", () => {
  const request = (remoteAddress: string, forwarded?: string) =>
    ({
      headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
      socket: { remoteAddress },
    }) as unknown as IncomingMessage;

  it("is its address, of IPv6 the network, and behind a proxy what the proxy says", () => {
    expect(clientOf(request("::ffff:10.0.0.1"), false)).toBe("10.0.0.1");
    expect(clientOf(request("2001:db8:1:2:3:4:5:6"), false)).toBe("2001:db8:1:2::/64");
    expect(clientOf(request("2001:db8::1"), false)).toBe("2001:db8:0:0::/64");
    expect(clientOf(request("10.0.0.1", "1.1.1.1, 2.2.2.2"), false)).toBe("10.0.0.1");
    expect(clientOf(request("10.0.0.1", "1.1.1.1, 2.2.2.2"), true)).toBe("2.2.2.2");
  });
});
