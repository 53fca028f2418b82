import { Msg } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { Msg as VestingMsg } from "@computronium/proto/cosmos/vesting/v1beta1/tx_pb.js";
import { Query } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";

import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { bankGenesis } from "./genesis.js";
import { bankInvariants } from "./invariants.js";
import type { BankKeeper } from "./keeper.js";
import { bankMsgServer } from "./msg-server.js";
import { bankQueryServer } from "./query-server.js";
import { bankSchema } from "./state.js";
import { vestingMsgServer } from "./vesting-msg-server.js";

export function bankModule(keeper: BankKeeper): AppModule {
  return {
    name: "bank",
    schemas: [bankSchema],
    msgRoutes: [...msgRoutes(Msg, bankMsgServer(keeper)), ...msgRoutes(VestingMsg, vestingMsgServer(keeper))],
    queryRoutes: queryRoutes(Query, bankQueryServer(keeper)),
    genesis: genesisPart(bankGenesis(keeper)),
    invariants: bankInvariants,
    afterGenesisTransactions: (ctx) => keeper.settleCredits(ctx),
    endBlock: (ctx) => keeper.settleCredits(ctx),
  };
}
