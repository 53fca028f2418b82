import type { MsgCreateGrant } from "@computronium/proto/computronium/dao/v1/tx_pb.js";

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
import { MAX_MILESTONES } from "../grants.js";
import type { DaoKeeper } from "../keeper.js";
import type { DaoMsgServer } from "../msg-server.js";

/** Grants that are paid by milestones. */
export function grantMessages(
  keeper: DaoKeeper,
): Pick<DaoMsgServer, "createGrant" | "reportMilestone" | "approveMilestone" | "cancelGrant"> {
  const { addresses } = keeper.options;
  const terms = ({ sender, category, payee, reviewer, title, milestones }: MsgCreateGrant) => {
    checkCategory(category);
    checkText(title, "title", { maxBytes: MAX_TITLE_BYTES, needed: true });
    if (milestones.length < 1 || milestones.length > MAX_MILESTONES) {
      throw ErrInvalidRequest.with(`milestones: ${milestones.length} of them; 1 to ${MAX_MILESTONES} are allowed`);
    }
    return {
      sender,
      category,
      payee: readAddress(addresses, payee, "payee"),
      reviewer: readAddress(addresses, reviewer, "reviewer"),
      title,
      milestones: milestones.map((milestone, i) => {
        checkText(milestone.title, `milestones[${i}].title`, { maxBytes: MAX_TITLE_BYTES, needed: true });
        if (milestone.deadlineTime > MAX_TIME_SECONDS) {
          throw ErrInvalidRequest.with(`milestones[${i}].deadline_time: after the year 9999`);
        }
        const { title: name, deadlineTime } = milestone;
        return { title: name, deadlineTime, amount: readCoins(milestone.amount, `milestones[${i}].amount`) };
      }),
    };
  };
  return {
    createGrant: {
      check(msg) {
        readAddress(addresses, msg.sender, "sender");
        terms(msg);
      },
      execute: (ctx, msg) => ({ grantId: keeper.grants.create(ctx, terms(msg)) }),
    },

    reportMilestone: {
      check: ({ report }) => checkText(report, "report", { maxBytes: MAX_TEXT_BYTES, needed: true }),
      execute(ctx, { payee, grantId, milestone, report }) {
        keeper.grants.report(ctx, grantId, { payee, milestone, text: report });
        return {};
      },
    },

    approveMilestone: {
      execute(ctx, { reviewer, grantId, milestone }) {
        keeper.grants.approve(ctx, grantId, { reviewer, milestone });
        return {};
      },
    },

    cancelGrant: {
      check: ({ reason }) => checkText(reason, "reason", { maxBytes: MAX_TEXT_BYTES }),
      execute(ctx, { sender, grantId, reason }) {
        keeper.grants.cancel(ctx, grantId, { sender, reason });
        return {};
      },
    },
  };
}
