import type { DescService } from "@bufbuild/protobuf";
import { Service as NodeService } from "@computronium/proto/cosmos/base/node/v1beta1/query_pb.js";
import { ReflectionService as InterfaceReflection } from "@computronium/proto/cosmos/base/reflection/v1beta1/reflection_pb.js";
import { ReflectionService as ChainReflection } from "@computronium/proto/cosmos/base/reflection/v2alpha1/reflection_pb.js";
import { Service as TendermintService } from "@computronium/proto/cosmos/base/tendermint/v1beta1/query_pb.js";
import { ReflectionService as FileReflection } from "@computronium/proto/cosmos/reflection/v1/reflection_pb.js";
import { Service as TxService } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";

import { RouteTable } from "../../../core/runtime/router.js";
import type { NodeEnvironment } from "./environment.js";
import { nodeServer } from "./node.js";
import { chainReflection, fileReflection, interfaceReflection } from "./reflection.js";
import type { NodeRoute } from "./registration.js";
import { nodeRoutes } from "./registration.js";
import { tendermintServer } from "./tendermint.js";
import { txServer } from "./tx.js";

/** Services beside the modules': one registration, from which abci_query, gRPC and REST answer. */
export function nodeServices(env: NodeEnvironment): RouteTable<NodeRoute> {
  const table = new RouteTable<NodeRoute>();
  const own = [TxService, TendermintService, NodeService, InterfaceReflection, ChainReflection, FileReflection];
  const all: readonly DescService[] = [...env.moduleServices, ...(own as unknown as DescService[])];
  const routes = [
    nodeRoutes(TxService, txServer(env)),
    nodeRoutes(TendermintService, tendermintServer(env)),
    nodeRoutes(NodeService, nodeServer(env)),
    nodeRoutes(InterfaceReflection, interfaceReflection),
    nodeRoutes(
      ChainReflection,
      chainReflection(env, () => all),
    ),
    nodeRoutes(FileReflection, fileReflection),
  ];
  for (const route of routes.flat()) table.add(route.path, route);
  return table;
}
