import { EquivocationSchema } from "@computronium/proto/cosmos/evidence/v1beta1/evidence_pb.js";
import type { Equivocation } from "@computronium/proto/cosmos/evidence/v1beta1/evidence_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/evidence/v1beta1/genesis_pb.js";
import { Query } from "@computronium/proto/cosmos/evidence/v1beta1/query_pb.js";
import { Msg } from "@computronium/proto/cosmos/evidence/v1beta1/tx_pb.js";
import type { Any } from "@bufbuild/protobuf/wkt";

import { byteStringToHex, hexToByteString, toByteString } from "../../../core/bytes.js";
import { create, fromBinary } from "../../../core/codec/protobuf.js";
import { packAny, typeUrlOf } from "../../../core/codec/registry.js";
import type { AppModule, GenesisPart } from "../../../core/runtime/module.js";
import { genesisPart } from "../../../core/runtime/module.js";
import { paginate } from "../../../core/runtime/pagination.js";
import type { MsgServer, QueryServer, ServiceMethods } from "../../../core/runtime/router.js";
import { msgRoutes, queryRoutes } from "../../../core/runtime/router.js";
import { invalidArgument, notFound } from "../../../core/runtime/status.js";
import { ErrEvidenceExists, ErrInvalidEvidence, ErrNoEvidenceHandlerExists } from "./errors.js";
import type { EvidenceKeeper } from "./keeper.js";
import { equivocationProblem, hashOf } from "./keeper.js";
import { equivocations, evidenceSchema } from "./state.js";

export const EVIDENCE_MODULE = "evidence";

export function evidenceModule(keeper: EvidenceKeeper): AppModule {
  return {
    name: EVIDENCE_MODULE,
    schemas: [evidenceSchema],
    msgRoutes: msgRoutes(Msg, msgServer(keeper)),
    queryRoutes: queryRoutes(Query, queryServer),
    genesis: genesisPart(genesis(keeper)),
    beginBlock: (ctx) => keeper.beginBlock(ctx),
  };
}

/** The double vote in an `Any`; undefined when something else is in it. */
function equivocationOf(any: Any | undefined): Equivocation | undefined {
  if (any?.typeUrl !== typeUrlOf(EquivocationSchema)) return undefined;
  try {
    return fromBinary(EquivocationSchema, any.value);
  } catch {
    return undefined;
  }
}

const packed = (equivocation: Equivocation): Any => packAny(EquivocationSchema, equivocation);

/**
 * Evidence comes from CometBFT alone, which has verified it. As with the SDK's own modules there is no handler for any that
 * somebody submits: a double vote needs the votes to be proved, and this message has no place for them.
 */
function msgServer({ deps: { addresses } }: EvidenceKeeper): MsgServer<ServiceMethods<typeof Msg>> {
  return {
    submitEvidence: {
      check: ({ submitter }) => void addresses.account.decode(submitter),
      execute(ctx, { evidence }) {
        if (evidence === undefined) throw ErrInvalidEvidence.with("missing evidence");
        const equivocation = equivocationOf(evidence);
        if (equivocation === undefined) throw ErrNoEvidenceHandlerExists.with(evidence.typeUrl);
        const problem = equivocationProblem(equivocation);
        if (problem !== undefined) throw ErrInvalidEvidence.with(`failed basic validation: ${problem}`);
        const hash = hashOf(equivocation);
        if (equivocations.has(ctx, hash)) throw ErrEvidenceExists.with(byteStringToHex(hash).toUpperCase());
        throw ErrNoEvidenceHandlerExists.with("equivocation");
      },
    },
  };
}

const queryServer: QueryServer<ServiceMethods<typeof Query>> = {
  evidence(ctx, { hash, evidenceHash }) {
    const key = hash === "" && evidenceHash.length > 0 ? toByteString(evidenceHash) : hexToByteString(hash);
    if (key === undefined) throw invalidArgument("invalid evidence hash");
    if (key === "") throw invalidArgument("invalid request; hash is empty");
    const equivocation = equivocations.get(ctx, key);
    if (equivocation === undefined) throw notFound(`evidence ${hash} not found`);
    return { evidence: packed(equivocation) };
  },
  allEvidence(ctx, request) {
    const { entries, pagination } = paginate(ctx, equivocations, request.pagination);
    return { evidence: entries.map(([, equivocation]) => packed(equivocation)), pagination };
  },
};

function genesis(keeper: EvidenceKeeper): GenesisPart<typeof GenesisStateSchema> {
  return {
    schema: GenesisStateSchema,
    defaults: () => create(GenesisStateSchema, {}),
    validate: ({ evidence }) =>
      evidence.flatMap((any, i) => {
        const equivocation = equivocationOf(any);
        const problem = equivocation === undefined ? "is no equivocation" : equivocationProblem(equivocation);
        return problem === undefined ? [] : [`evidence[${i}]: ${problem}`];
      }),
    init(ctx, { evidence }) {
      for (const any of evidence) {
        const equivocation = equivocationOf(any);
        if (equivocation !== undefined) keeper.insert(ctx, equivocation);
      }
    },
    export: (ctx) =>
      create(GenesisStateSchema, {
        evidence: [...equivocations.entries(ctx)].map(([, equivocation]) => packed(equivocation)),
      }),
  };
}
