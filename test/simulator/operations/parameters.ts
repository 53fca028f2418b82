import { Query as MarketQuery } from "@computronium/proto/computronium/marketplace/v1/query_pb.js";
import { MsgUpdateParamsSchema as MarketParamsSchema } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { MsgUpdateParamsSchema as AuthParamsSchema } from "@computronium/proto/cosmos/auth/v1beta1/tx_pb.js";
import { Query as AuthQuery } from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";
import { MsgUpdateParamsSchema as BankParamsSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { MsgSoftwareUpgradeSchema } from "@computronium/proto/cosmos/upgrade/v1beta1/tx_pb.js";

import { Addresses } from "../../../core/address.js";
import { governanceAddress } from "../../../modules/auth/types.js";
import { message } from "../../kit/signer.js";
import type { SignedMessage } from "../../kit/signer.js";
import type { Operation } from "../operation.js";
import { attack } from "../operation.js";

export const GOVERNANCE = new Addresses("cptm").account.encode(governanceAddress());

/** What governance alone may do, tried by anybody: in his own name or in that of governance. */
export const parameterAttacks: readonly Operation[] = [
  attack("parameters/by-anybody", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const authority = random.below(2) === 0 ? actor.address : GOVERNANCE;
    const { params: market } = await world.ask(MarketQuery.method.params, {});
    const { params: auth } = await world.ask(AuthQuery.method.params, {});
    const tries: readonly SignedMessage[] = [
      message(MarketParamsSchema, { authority, params: { ...market!, takeRateBps: 0 } }),
      message(AuthParamsSchema, { authority, params: { ...auth!, maxMemoCharacters: 1n } }),
      message(BankParamsSchema, { authority, params: { defaultSendEnabled: false } }),
      message(MsgSoftwareUpgradeSchema, {
        authority,
        plan: { name: "v9", height: world.comet.height + 100n, info: "" },
      }),
    ];
    return { actor, messages: [random.pick(tries)] };
  }),
];
