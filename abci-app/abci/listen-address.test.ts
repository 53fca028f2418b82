// Tier: test. Budget: 1 s.
import { describe, expect, it } from "@jest/globals";

import { parseListenAddress } from "./listen-address.js";

describe("the ABCI address", () => {
  it("is a unix socket or TCP on loopback", () => {
    expect(parseListenAddress("unix:///run/c/abci.sock")).toEqual({ kind: "unix", path: "/run/c/abci.sock" });
    expect(parseListenAddress("tcp://127.0.0.1:26658")).toEqual({ kind: "tcp", host: "127.0.0.1", port: 26658 });
    for (const host of ["127.9.9.9", "localhost", "[::1]", "[0:0:0:0:0:0:0:1]"]) {
      expect(parseListenAddress(`tcp://${host}:1`).kind).toBe("tcp");
    }
  });

  it("is remote only when that is forced", () => {
    for (const host of ["0.0.0.0", "192.168.1.5", "[::]", "[::2]", "[::ffff:127.0.0.1]", "example.org", "128.0.0.1"]) {
      expect(() => parseListenAddress(`tcp://${host}:26658`)).toThrow("whoever reaches it can send Commit");
      expect(parseListenAddress(`tcp://${host}:26658`, true).kind).toBe("tcp");
    }
  });

  it("says what is wrong with one that is neither", () => {
    expect(() => parseListenAddress("unix://")).toThrow("a path is missing");
    expect(() => parseListenAddress(`unix:///${"x".repeat(110)}`)).toThrow("longer than 103 bytes");
    expect(() => parseListenAddress("http://127.0.0.1:1")).toThrow("expected unix:///path or tcp://host:port");
    expect(() => parseListenAddress("tcp://127.0.0.1")).toThrow("expected unix:///path or tcp://host:port");
    expect(() => parseListenAddress("tcp://127.0.0.1:70000")).toThrow("70000 is no port");
  });
});
