import type { MsgSetBudget } from "@computronium/proto/computronium/dao/v1/tx_pb.js";

import { ErrInvalidRequest } from "../../../core/errors.js";
import { requireAuthority } from "../../../core/runtime/authority.js";
import { checkCategory, checkText, MAX_TEXT_BYTES, MAX_TIME_SECONDS, readAddress, readCoins } from "../checks.js";
import type { DaoKeeper } from "../keeper.js";
import type { DaoMsgServer } from "../msg-server.js";
import { checkTerms } from "../treasury.js";

/** Budgets, and payments from them. */
export function treasuryMessages(keeper: DaoKeeper): Pick<DaoMsgServer, "setBudget" | "closeBudget" | "spendTreasury"> {
  const { addresses } = keeper.options;
  const terms = ({ category, description, limit, periodSeconds, startTime, endTime, spender }: MsgSetBudget) => {
    checkCategory(category);
    checkText(description, "description", { maxBytes: MAX_TEXT_BYTES });
    if (spender !== "") readAddress(addresses, spender, "spender");
    if (startTime > MAX_TIME_SECONDS || endTime > MAX_TIME_SECONDS)
      throw ErrInvalidRequest.with("a time after the year 9999");
    checkTerms({ periodSeconds, startTime, endTime });
    return { category, description, limit: readCoins(limit, "limit"), periodSeconds, startTime, endTime, spender };
  };
  return {
    setBudget: {
      check: (msg) => void terms(msg),
      execute(ctx, msg) {
        requireAuthority(keeper.options, msg.authority);
        keeper.treasury.set(ctx, terms(msg));
        return {};
      },
    },

    closeBudget: {
      check: ({ category }) => checkCategory(category),
      execute(ctx, { authority, category }) {
        requireAuthority(keeper.options, authority);
        keeper.treasury.close(ctx, category);
        return {};
      },
    },

    spendTreasury: {
      check({ sender, category, recipient, amount, purpose }) {
        readAddress(addresses, sender, "sender");
        checkCategory(category);
        readAddress(addresses, recipient, "recipient");
        readCoins(amount, "amount");
        checkText(purpose, "purpose", { maxBytes: MAX_TEXT_BYTES });
      },
      execute(ctx, { sender, category, recipient, amount, purpose }) {
        const spending = { sender, category, coins: readCoins(amount, "amount"), purpose };
        keeper.treasury.pay(ctx, spending, readAddress(addresses, recipient, "recipient"));
        return {};
      },
    },
  };
}
