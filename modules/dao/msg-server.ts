import type { Msg } from "@computronium/proto/computronium/dao/v1/tx_pb.js";
import { EventParamsUpdatedSchema } from "@computronium/proto/computronium/dao/v1/events_pb.js";
import type { Params } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { NetworkAdapterSchema, ResourceClassSchema } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import type { AccAddress } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import type { MsgServer, ServiceMethods } from "../../core/runtime/router.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { requireAuthority } from "../../core/runtime/authority.js";
import { checkHash, checkName, checkText, MAX_TEXT_BYTES, MAX_TITLE_BYTES, readAddress } from "./checks.js";
import { ErrInvalidParams } from "./errors.js";
import type { DaoKeeper } from "./keeper.js";
import { bountyMessages } from "./msg/bounties.js";
import { grantMessages } from "./msg/grants.js";
import { treasuryMessages } from "./msg/treasury.js";
import { paramProblems } from "./params.js";

export type DaoMsgServer = MsgServer<ServiceMethods<typeof Msg>>;

/** How the messages of the DAO are carried out. */
export function daoMsgServer(keeper: DaoKeeper): DaoMsgServer {
  const { addresses } = keeper.options;
  const address = (text: string, field: string): AccAddress => readAddress(addresses, text, field);
  const readParams = (params: Params | undefined): Params => {
    const problems = params === undefined ? ["params: missing"] : paramProblems(params, keeper.options);
    if (params === undefined || problems.length > 0) throw ErrInvalidParams.with(problems.join("; "));
    return params;
  };

  return {
    updateParams: {
      check: ({ params }) => void readParams(params),
      execute(ctx, { authority, params: given }) {
        requireAuthority(keeper.options, authority);
        const params = readParams(given);
        keeper.settings.set(ctx, params);
        ctx.events.emit(typedEvent(EventParamsUpdatedSchema, { params }));
        return {};
      },
    },

    pauseExecution: {
      check({ guardian, reason }) {
        address(guardian, "guardian");
        checkText(reason, "reason", { maxBytes: MAX_TEXT_BYTES, needed: true });
      },
      execute(ctx, { guardian, proposalId, seconds, reason }) {
        keeper.gov.executions.pause(ctx, { guardian, proposalId, seconds, reason });
        return {};
      },
    },

    endPause: {
      execute(ctx, { guardian, proposalId }) {
        keeper.gov.executions.endPause(ctx, { guardian, proposalId });
        return {};
      },
    },

    cancelExecution: {
      execute(ctx, { authority, proposalId }) {
        requireAuthority(keeper.options, authority);
        keeper.gov.executions.cancel(ctx, proposalId);
        return {};
      },
    },

    ...treasuryMessages(keeper),
    ...grantMessages(keeper),
    ...bountyMessages(keeper),

    admitResourceClass: {
      check({ name, description, unit, specUri, specHash }) {
        checkName(name);
        checkText(description, "description", { maxBytes: MAX_TEXT_BYTES });
        checkText(unit, "unit", { maxBytes: 32, needed: true });
        checkText(specUri, "spec_uri", { maxBytes: MAX_TEXT_BYTES });
        checkHash(specHash, "spec_hash");
      },
      execute(ctx, { authority, name, description, unit, specUri, specHash }) {
        requireAuthority(keeper.options, authority);
        const fields = { name, description, unit, specUri, specHash, admittedTime: ctx.timeSeconds };
        keeper.registry.admitResourceClass(ctx, create(ResourceClassSchema, fields));
        return {};
      },
    },

    removeResourceClass: {
      check: ({ name }) => checkName(name),
      execute(ctx, { authority, name }) {
        requireAuthority(keeper.options, authority);
        keeper.registry.removeResourceClass(ctx, name);
        return {};
      },
    },

    admitNetworkAdapter: {
      check({ name, network, description, operator, specUri, specHash }) {
        checkName(name);
        checkText(network, "network", { maxBytes: MAX_TITLE_BYTES, needed: true });
        checkText(description, "description", { maxBytes: MAX_TEXT_BYTES });
        address(operator, "operator");
        checkText(specUri, "spec_uri", { maxBytes: MAX_TEXT_BYTES });
        checkHash(specHash, "spec_hash");
      },
      execute(ctx, { authority, name, network, description, operator, specUri, specHash }) {
        requireAuthority(keeper.options, authority);
        const fields = { name, network, description, operator, specUri, specHash, admittedTime: ctx.timeSeconds };
        keeper.registry.admitNetworkAdapter(ctx, create(NetworkAdapterSchema, fields));
        return {};
      },
    },

    removeNetworkAdapter: {
      check: ({ name }) => checkName(name),
      execute(ctx, { authority, name }) {
        requireAuthority(keeper.options, authority);
        keeper.registry.removeNetworkAdapter(ctx, name);
        return {};
      },
    },
  };
}
