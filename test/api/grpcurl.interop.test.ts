// Tier: interop. Budget: 2 min. grpcurl, which knows nothing but what server reflection tells it: it lists, describes and calls.
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { repositoryPath } from "../../bench/chain/repository.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

describe("grpcurl", () => {
  let node: TestNode;
  let binary: string;

  beforeAll(async () => {
    binary = execFileSync("sh", [repositoryPath("scripts/peers/build-grpcurl.sh")], { encoding: "utf8" }).trim();
    node = await TestNode.start({ api: true });
    await node.waitForHeight(3);
  });
  afterAll(() => removeAllNodes());

  async function grpcurl(...args: readonly string[]): Promise<string> {
    const flags = args.filter((arg) => arg.startsWith("-") || arg.startsWith("{") || arg.startsWith("x-cosmos"));
    const words = args.filter((arg) => !flags.includes(arg));
    const { stdout } = await promisify(execFile)(binary, ["-plaintext", ...flags, node.grpcAddress, ...words]);
    return stdout;
  }
  const call = async (...args: readonly string[]): Promise<unknown> => JSON.parse(await grpcurl(...args));

  it("lists every service of the node", async () => {
    expect((await grpcurl("list")).trim().split("\n")).toEqual([
      "computronium.chain.v1.Query",
      "computronium.dao.v1.Query",
      "computronium.marketplace.v1.Query",
      "computronium.reputation.v1.Query",
      "computronium.tokenomics.v1.Query",
      "cosmos.auth.v1beta1.Query",
      "cosmos.authz.v1beta1.Query",
      "cosmos.bank.v1beta1.Query",
      "cosmos.base.node.v1beta1.Service",
      "cosmos.base.reflection.v1beta1.ReflectionService",
      "cosmos.base.reflection.v2alpha1.ReflectionService",
      "cosmos.base.tendermint.v1beta1.Service",
      "cosmos.consensus.v1.Query",
      "cosmos.distribution.v1beta1.Query",
      "cosmos.evidence.v1beta1.Query",
      "cosmos.feegrant.v1beta1.Query",
      "cosmos.gov.v1.Query",
      "cosmos.gov.v1beta1.Query",
      "cosmos.mint.v1beta1.Query",
      "cosmos.reflection.v1.ReflectionService",
      "cosmos.slashing.v1beta1.Query",
      "cosmos.staking.v1beta1.Query",
      "cosmos.tx.v1beta1.Service",
      "cosmos.upgrade.v1beta1.Query",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
    ]);
  });

  it("describes services, methods with their HTTP paths, and messages", async () => {
    expect(await grpcurl("describe", "computronium.marketplace.v1.Query")).toContain("rpc Order (");
    expect(await grpcurl("describe", "cosmos.bank.v1beta1.Query.Balance")).toContain(
      'get: "/cosmos/bank/v1beta1/balances/{address}/by_denom"',
    );
    expect(await grpcurl("describe", ".cosmos.tx.v1beta1.TxBody")).toContain(
      "repeated .google.protobuf.Any messages = 1",
    );
    await expect(grpcurl("describe", "no.such.Service")).rejects.toThrow(/Symbol not found|not known/);
  });

  it("calls methods, `Any` resolved through reflection, at the height that it asks for", async () => {
    expect(await call('-d={"pagination":{"limit":"1"}}', "cosmos.auth.v1beta1.Query/Accounts")).toMatchObject({
      accounts: [{ "@type": "/cosmos.auth.v1beta1.ModuleAccount" }],
    });
    expect(await call("cosmos.base.tendermint.v1beta1.Service/GetNodeInfo")).toMatchObject({
      defaultNodeInfo: { network: "computronium-test-1" },
    });
    const shown = await grpcurl("-v", "-rpc-header=x-cosmos-block-height: 2", "cosmos.bank.v1beta1.Query/Params");
    expect(shown).toContain("x-cosmos-block-height: 2\n");
    expect(await call("computronium.chain.v1.Query/Params")).toMatchObject({ params: { bech32Prefix: "cptm" } });
  });

  it("shows the status of what is refused", async () => {
    const refused = grpcurl('-d={"name":"nothing"}', "cosmos.auth.v1beta1.Query/ModuleAccountByName");
    await expect(refused).rejects.toMatchObject({
      stderr: expect.stringMatching(/Code: NotFound\n {2}Message: account nothing not found/),
    });
  });
});
