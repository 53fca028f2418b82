// Tier: test. Budget: 5 s. Messages from the path, the query and the body of HTTP requests.
import { describe, expect, it } from "@jest/globals";
import { Service as TendermintService } from "@computronium/proto/cosmos/base/tendermint/v1beta1/query_pb.js";
import { Query as BankQuery } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import { Service as TxService } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import type { DescService } from "@bufbuild/protobuf";

import { StatusError } from "../../../core/runtime/status.js";
import { requestMessage } from "./request.js";
import { RestRoutes } from "./routes.js";

const services = [BankQuery, TendermintService, TxService] as unknown as readonly DescService[];
const routes = new RestRoutes(
  services.flatMap((service) =>
    service.methods.map((method) => ({ method, path: `/${service.typeName}/${method.name}` })),
  ),
);

function read(verb: string, target: string, body = ""): object {
  const [path = "", query = ""] = target.split("?");
  const found = routes.find(verb, path.slice(1).split("/").map(decodeURIComponent));
  if (found === undefined) throw new Error(`no route for ${target}`);
  return requestMessage(found, new URLSearchParams(query), body);
}

const refusal = (verb: string, target: string, body?: string): string => {
  try {
    read(verb, target, body);
  } catch (error) {
    expect(error).toBeInstanceOf(StatusError);
    expect((error as StatusError).grpcCode).toBe("InvalidArgument");
    return (error as StatusError).description;
  }
  throw new Error(`${target} was taken`);
};

describe("the message of an HTTP request", () => {
  it("has what the path says, escaped slashes within it", () => {
    expect(read("GET", "/cosmos/bank/v1beta1/balances/cptm1x")).toMatchObject({ address: "cptm1x" });
    expect(read("GET", "/cosmos/bank/v1beta1/denoms_metadata/ibc%2FAB/c")).toMatchObject({ denom: "ibc/AB/c" });
    expect(read("GET", "/cosmos/base/tendermint/v1beta1/blocks/12")).toMatchObject({ height: 12n });
  });

  it("has what the query says: nested, repeated, in either form of a name, in bytes, words and numbers", () => {
    const target =
      "/cosmos/bank/v1beta1/balances/a?pagination.limit=5&pagination.countTotal=T&pagination.key=%2B%2F8%3D&resolve_denom=1&unknown=2&pagination.nothing=3";
    expect(read("GET", target)).toMatchObject({
      resolveDenom: true,
      pagination: { limit: 5n, countTotal: true, key: new Uint8Array([251, 255]) },
    });
    expect(read("GET", "/cosmos/bank/v1beta1/balances/a?pagination.key=+/8=")).toMatchObject({
      pagination: { key: new Uint8Array([251, 255]) },
    });
    expect(read("GET", "/cosmos/bank/v1beta1/send_enabled?denoms=a&denoms=b")).toMatchObject({ denoms: ["a", "b"] });
    for (const order of ["ORDER_BY_DESC", "2"]) {
      expect(read("GET", `/cosmos/tx/v1beta1/txs?order_by=${order}&events=x%3D1&events=y%3D2`)).toMatchObject({
        orderBy: 2,
        events: ["x=1", "y=2"],
      });
    }
  });

  it("is ruled by the path where the query says the same", () => {
    expect(read("GET", "/cosmos/bank/v1beta1/balances/a?address=b")).toMatchObject({ address: "a" });
  });

  it("is the body of a POST, and takes nothing from its query then", () => {
    const body = JSON.stringify({ tx_bytes: "AQI=", mode: "BROADCAST_MODE_SYNC" });
    expect(read("POST", "/cosmos/tx/v1beta1/txs?mode=1", body)).toMatchObject({
      txBytes: new Uint8Array([1, 2]),
      mode: 2,
    });
    expect(read("POST", "/cosmos/tx/v1beta1/txs")).toMatchObject({ mode: 0 });
    expect(read("POST", "/cosmos/tx/v1beta1/txs", '{"nothing":1,"mode":1}')).toMatchObject({ mode: 1 });
  });

  it("is refused with a reason", () => {
    const page = "/cosmos/bank/v1beta1/supply?pagination";
    expect(refusal("GET", `${page}.limit=-1`)).toMatch(/limit/);
    expect(refusal("GET", `${page}.limit=18446744073709551616`)).toMatch(/limit/);
    expect(refusal("GET", `${page}.limit=`)).toMatch(/no number/);
    expect(refusal("GET", `${page}=5`)).toMatch(/name one of its fields/);
    expect(refusal("GET", `${page}.key.x=5`)).toMatch(/no fields of its own/);
    expect(refusal("GET", "/cosmos/tx/v1beta1/txs?order_by=UP")).toMatch(/UP is not a valid/);
    expect(refusal("GET", "/cosmos/base/tendermint/v1beta1/blocks/last")).toMatch(/height/);
    expect(refusal("POST", "/cosmos/tx/v1beta1/txs", "[]")).toMatch(/no JSON object/);
    expect(refusal("POST", "/cosmos/tx/v1beta1/txs", '{"__proto__":1}')).toMatch(/__proto__/);
    expect(refusal("POST", "/cosmos/tx/v1beta1/txs", `{"tx_bytes":${"[".repeat(200)}`)).toMatch(/nested/);
  });
});
