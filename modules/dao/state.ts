import type { Bounty, Execution, Grant } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import {
  BountySchema,
  BountyState,
  BudgetSchema,
  ExecutionSchema,
  ExecutionState,
  GrantSchema,
  MilestoneState,
  NetworkAdapterSchema,
  ParamsSchema,
  ResourceClassSchema,
} from "@computronium/proto/computronium/dao/v1/types_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { brandedBytesKey, stringKey, u64Key } from "../../core/collections/keys.js";
import { memoValue } from "../../core/collections/memo.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";
import { amountValue, u64Value } from "../../core/collections/values.js";
import { nanosOf } from "./gov/times.js";

export const DAO_STORE = "dao";

const account = brandedBytesKey<AccAddress>();

/** Whether an execution waits for its time. */
export function isWaiting({ state }: Pick<Execution, "state">): boolean {
  return state === ExecutionState.PENDING || state === ExecutionState.PAUSED;
}

/** The earliest Unix time behind which an open milestone expires; undefined when none is open. */
export function grantDeadline({ milestones }: Pick<Grant, "milestones">): bigint | undefined {
  const open = milestones.filter(({ state }) => state === MilestoneState.OPEN).map(({ deadlineTime }) => deadlineTime);
  return open.length === 0 ? undefined : open.reduce((first, time) => (time < first ? time : first));
}

/** The Unix time behind which an open bounty goes back: while claims wait for the judge, that of judging. */
export function bountyDeadline({ state, claims, expiryTime, judgingEndTime }: Bounty): bigint | undefined {
  if (state !== BountyState.OPEN) return undefined;
  return claims.some(({ rejected }) => !rejected) ? judgingEndTime : expiryTime;
}

/** All that the store of the DAO holds. */
export function daoState(addresses: Addresses) {
  const schema = new Schema(DAO_STORE);
  const decode = (text: string) => addresses.account.decode(text);

  // 0x00 → Params
  const params = schema.item(0x00, "params", memoValue(messageValue(ParamsSchema)));

  // 0x11: (time in Unix nanoseconds, proposal), of executions that wait
  const dueExecutions = schema.index(0x11, "due_executions", u64Key, u64Key, (_id, execution: Execution) =>
    isWaiting(execution) ? nanosOf(execution.dueTime) : undefined,
  );
  // 0x12: (state, proposal)
  const executionsByState = schema.index(0x12, "executions_by_state", u64Key, u64Key, (_id, execution: Execution) =>
    BigInt(execution.state),
  );
  // 0x10: proposal → Execution
  const executions = schema.indexedMap(0x10, "executions", u64Key, messageValue(ExecutionSchema), [
    dueExecutions,
    executionsByState,
  ]);
  // 0x1a: (time in Unix nanoseconds, proposal)
  const lateCheckTimes = schema.index(0x1a, "late_check_times", u64Key, u64Key, (_id, nanos: bigint) => nanos);
  // 0x18: proposal → when the last part of its vote begins, in Unix nanoseconds, until then
  const lateChecks = schema.indexedMap(0x18, "late_checks", u64Key, u64Value, [lateCheckTimes]);
  // 0x19: proposal → QuorumWatch, since then
  const watches = schema.map(0x19, "watches", u64Key, u64Value);

  // 0x20: category → Budget
  const budgets = schema.map(0x20, "budgets", stringKey, messageValue(BudgetSchema));
  // 0x21: denom → sum of what grants and bounties have set aside
  const escrowTotals = schema.map(0x21, "escrow_totals", stringKey, amountValue);

  // 0x31: (payee, id)
  const grantsByPayee = schema.index(0x31, "grants_by_payee", account, u64Key, (_id, grant: Grant) =>
    decode(grant.payee),
  );
  // 0x32: (reviewer, id)
  const grantsByReviewer = schema.index(0x32, "grants_by_reviewer", account, u64Key, (_id, grant: Grant) =>
    decode(grant.reviewer),
  );
  // 0x33: (deadline in Unix seconds, id), of grants with an open milestone
  const grantDeadlines = schema.index(0x33, "grant_deadlines", u64Key, u64Key, (_id, grant: Grant) =>
    grantDeadline(grant),
  );
  // 0x30: id → Grant
  const grants = schema.indexedMap(0x30, "grants", u64Key, messageValue(GrantSchema), [
    grantsByPayee,
    grantsByReviewer,
    grantDeadlines,
  ]);
  // 0x38 → the next number
  const nextGrant = schema.sequence(0x38, "next_grant", 1n);

  // 0x41: (funder, id)
  const bountiesByFunder = schema.index(0x41, "bounties_by_funder", account, u64Key, (_id, bounty: Bounty) =>
    decode(bounty.funder),
  );
  // 0x42: (judge, id)
  const bountiesByJudge = schema.index(0x42, "bounties_by_judge", account, u64Key, (_id, bounty: Bounty) =>
    decode(bounty.judge),
  );
  // 0x43: (state, id)
  const bountiesByState = schema.index(0x43, "bounties_by_state", u64Key, u64Key, (_id, bounty: Bounty) =>
    BigInt(bounty.state),
  );
  // 0x44: (deadline in Unix seconds, id), of open ones
  const bountyDeadlines = schema.index(0x44, "bounty_deadlines", u64Key, u64Key, (_id, bounty: Bounty) =>
    bountyDeadline(bounty),
  );
  // 0x40: id → Bounty
  const bounties = schema.indexedMap(0x40, "bounties", u64Key, messageValue(BountySchema), [
    bountiesByFunder,
    bountiesByJudge,
    bountiesByState,
    bountyDeadlines,
  ]);
  // 0x48 → the next number
  const nextBounty = schema.sequence(0x48, "next_bounty", 1n);

  // 0x50: name → ResourceClass
  const resourceClasses = schema.map(0x50, "resource_classes", stringKey, messageValue(ResourceClassSchema));
  // 0x51: name → NetworkAdapter
  const networkAdapters = schema.map(0x51, "network_adapters", stringKey, messageValue(NetworkAdapterSchema));

  return {
    schema,
    params,
    dueExecutions,
    executionsByState,
    executions,
    lateCheckTimes,
    lateChecks,
    watches,
    budgets,
    escrowTotals,
    grantsByPayee,
    grantsByReviewer,
    grantDeadlines,
    grants,
    nextGrant,
    bountiesByFunder,
    bountiesByJudge,
    bountiesByState,
    bountyDeadlines,
    bounties,
    nextBounty,
    resourceClasses,
    networkAdapters,
  };
}

export type DaoState = ReturnType<typeof daoState>;
