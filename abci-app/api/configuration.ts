import { formatDec, parseDec } from "../../core/math/dec.js";
import type { AppConfig } from "../node/app-config.js";
import { sourceCommit } from "../node/build-info.js";
import type { NodeFacts } from "./services/environment.js";
import type { ApiSettings } from "./settings.js";

/** `[api]` and `[grpc]` of app.toml, as the servers take them. */
export function apiSettings({ api, grpc }: Pick<AppConfig, "api" | "grpc">): ApiSettings {
  return {
    grpc: grpc.enable
      ? { address: grpc.address, maxReceive: grpc["max-recv-msg-size"], maxSend: grpc["max-send-msg-size"] }
      : undefined,
    rest: api.enable
      ? {
          address: api.address,
          swagger: api.swagger,
          maxConnections: api["max-open-connections"],
          readTimeoutSeconds: api["rpc-read-timeout"],
          writeTimeoutSeconds: api["rpc-write-timeout"],
          maxBodyBytes: api["rpc-max-body-bytes"],
          anyOrigin: api["enabled-unsafe-cors"],
        }
      : undefined,
  };
}

/** What `cosmos.base.node.v1beta1.Service/Config` and `node_info` tell of the settings. */
export function nodeFacts(config: AppConfig): Omit<NodeFacts, "version"> {
  return {
    commit: sourceCommit(),
    minimumGasPrices: decCoinsText(config["minimum-gas-prices"]),
    pruningKeepRecent: config["pruning-keep-recent"].toString(),
    pruningInterval: config["pruning-interval"].toString(),
    haltHeight: BigInt(config["halt-height"]),
  };
}

/** Prices as Go's DecCoins prints them: 18 decimals, in order of denoms, without those of zero. */
function decCoinsText(prices: string): string {
  return prices
    .split(",")
    .flatMap((price) => {
      const match = /^([0-9.]+)([a-zA-Z].*)$/.exec(price.trim());
      const amount = match === null ? undefined : parseDec(match[1]!);
      return match === null || amount === undefined || amount === 0n ? [] : [{ denom: match[2]!, amount }];
    })
    .sort((a, b) => (a.denom < b.denom ? -1 : 1))
    .map(({ denom, amount }) => `${formatDec(amount)}${denom}`)
    .join(",");
}
