import type { GenesisState } from "@computronium/proto/cosmos/authz/v1beta1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/authz/v1beta1/genesis_pb.js";
import type { GrantAuthorization } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";
import { GrantAuthorizationSchema } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { RegisteredError } from "../../core/errors.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { GenesisPart } from "../../core/runtime/module.js";
import { isTimestamp } from "../../core/runtime/timestamps.js";
import type { AuthzKeeper } from "./keeper.js";
import type { GrantKey } from "./state.js";
import { expiryOf, grantKey, grants } from "./state.js";

export function authzGenesis(keeper: AuthzKeeper): GenesisPart<typeof GenesisStateSchema> {
  return {
    schema: GenesisStateSchema,
    defaults: () => create(GenesisStateSchema, {}),
    validate: (state) => validate(keeper, state),
    init: (ctx, state) => init(keeper, ctx, state),
    export: (ctx) => exportGrants(keeper, ctx),
  };
}

/** The key of an entry. Throws registered errors for what is none. */
function keyOf(keeper: AuthzKeeper, { granter, grantee, authorization }: GrantAuthorization): GrantKey {
  const { addresses } = keeper;
  const { kind, value } = keeper.readAuthorization(authorization);
  kind.check(value);
  return [addresses.account.decode(granter), [addresses.account.decode(grantee), kind.msgTypeUrl(value)]];
}

function validate(keeper: AuthzKeeper, { authorization: entries }: GenesisState): readonly string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  entries.forEach((entry, i) => {
    const report = (problem: string) => problems.push(`authorization[${i}]: ${problem}`);
    try {
      const key = keyOf(keeper, entry);
      const id = grantKey.encode(key);
      if (seen.has(id)) report("granted twice");
      seen.add(id);
      if (key[0] === key[1][0]) report("grantee and granter should be different");
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      report(error.message);
    }
    if (entry.expiration !== undefined && !isTimestamp(entry.expiration)) report("expiration is no time");
  });
  return problems;
}

function init(keeper: AuthzKeeper, ctx: Context, { authorization: entries }: GenesisState): void {
  for (const entry of entries) {
    const expiry = expiryOf(entry);
    if (expiry !== undefined && expiry <= ctx.block.timeNanos) continue;
    keeper.restore(ctx, keyOf(keeper, entry), entry);
  }
}

function exportGrants(keeper: AuthzKeeper, ctx: ReadContext): GenesisState {
  const { addresses } = keeper;
  const authorization = [...grants.entries(ctx)].map(([[granter, [grantee]], grant]) =>
    create(GrantAuthorizationSchema, {
      granter: addresses.account.encode(granter),
      grantee: addresses.account.encode(grantee),
      ...(grant.authorization && { authorization: grant.authorization }),
      ...(grant.expiration && { expiration: grant.expiration }),
    }),
  );
  return create(GenesisStateSchema, { authorization });
}
