import type { MsgCreateBounty } from "@computronium/proto/computronium/dao/v1/tx_pb.js";

import { ErrInvalidRequest } from "../../../core/errors.js";
import {
  checkCategory,
  checkText,
  MAX_TEXT_BYTES,
  MAX_TIME_SECONDS,
  MAX_TITLE_BYTES,
  readAddress,
  readCoins,
} from "../checks.js";
import type { DaoKeeper } from "../keeper.js";
import type { DaoMsgServer } from "../msg-server.js";

/** Bounties with a judge. */
export function bountyMessages(
  keeper: DaoKeeper,
): Pick<DaoMsgServer, "createBounty" | "claimBounty" | "judgeBounty" | "cancelBounty"> {
  const { addresses } = keeper.options;
  const terms = ({ funder, category, judge, title, reward, expiryTime }: MsgCreateBounty) => {
    if (category !== "") checkCategory(category);
    checkText(title, "title", { maxBytes: MAX_TITLE_BYTES, needed: true });
    if (expiryTime > MAX_TIME_SECONDS) throw ErrInvalidRequest.with("expiry_time: after the year 9999");
    return {
      funder: readAddress(addresses, funder, "funder"),
      category,
      judge: readAddress(addresses, judge, "judge"),
      title,
      reward: readCoins(reward, "reward"),
      expiryTime,
    };
  };
  return {
    createBounty: {
      check: (msg) => void terms(msg),
      execute: (ctx, msg) => ({ bountyId: keeper.bounties.create(ctx, terms(msg)) }),
    },

    claimBounty: {
      check({ claimant, evidence }) {
        readAddress(addresses, claimant, "claimant");
        checkText(evidence, "evidence", { maxBytes: MAX_TEXT_BYTES, needed: true });
      },
      execute(ctx, { claimant, bountyId, evidence }) {
        keeper.bounties.claim(ctx, bountyId, { claimant: readAddress(addresses, claimant, "claimant"), evidence });
        return {};
      },
    },

    judgeBounty: {
      execute(ctx, { judge, bountyId, claimant, accept }) {
        keeper.bounties.judge(ctx, bountyId, { judge, claimant, accept });
        return {};
      },
    },

    cancelBounty: {
      check: ({ reason }) => checkText(reason, "reason", { maxBytes: MAX_TEXT_BYTES }),
      execute(ctx, { sender, bountyId, reason }) {
        keeper.bounties.cancel(ctx, bountyId, { sender, reason });
        return {};
      },
    },
  };
}
