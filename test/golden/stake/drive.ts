import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { JsonValue } from "@bufbuild/protobuf";
import {
  MisbehaviorType,
  RequestCommitSchema,
  RequestFinalizeBlockSchema,
  RequestInitChainSchema,
  RequestQuerySchema,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import { BlockIDFlag } from "@computronium/proto/tendermint/types/validator_pb.js";
import { pino } from "pino";

import type { AbciBlockResult } from "../../../abci-app/abci/application.js";
import type { NodeApplication } from "../../../abci-app/node-application.js";
import { createNodeApplication } from "../../../abci-app/node-application.js";
import { gatewayJson } from "../../../core/codec/gateway-json.js";
import { create, fromBinary } from "../../../core/codec/protobuf.js";
import { registry } from "../../../core/codec/registry.js";
import type { AbciEvent } from "../../../abci-app/abci/application.js";
import { ourGenesis } from "./genesis.js";
import type { FlatEvent, Vector, VectorBlock, VectorQuery, VectorUpdate } from "./vector.js";

/** A result in the vector's own terms; `data` is in base64. */
export interface OurTx {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly data: string;
  readonly events: readonly FlatEvent[];
}

/** What our application says to a block of a vector. */
export interface OurBlock {
  readonly txs: readonly OurTx[];
  readonly updates: readonly VectorUpdate[];
  readonly events: readonly FlatEvent[];
}

/** Our real application, driven through a vector as CometBFT would. */
export class DrivenChain {
  readonly #node: NodeApplication;
  readonly #home: string;
  readonly initialUpdates: readonly VectorUpdate[];

  private constructor(node: NodeApplication, home: string, initialUpdates: readonly VectorUpdate[]) {
    this.#node = node;
    this.#home = home;
    this.initialUpdates = initialUpdates;
  }

  static async start(vector: Vector): Promise<DrivenChain> {
    const home = mkdtempSync(join(tmpdir(), "computronium-golden-stake-"));
    const node = await createNodeApplication({
      path: join(home, "application.db"),
      log: pino({ level: "silent" }),
      minGasPrices: [],
      queryWorkers: 0,
      signatureThread: false,
      invariantCheckPeriod: 50,
    });
    const { max_age_num_blocks, max_age_duration_nanos } = vector.evidence_params;
    const answer = await node.application.initChain(
      create(RequestInitChainSchema, {
        chainId: vector.chain_id,
        initialHeight: BigInt(vector.initial_height),
        time: timestamp(vector.genesis_time),
        appStateBytes: Buffer.from(JSON.stringify(ourGenesis(vector.app_state)), "utf8"),
        consensusParams: {
          block: { maxBytes: 4_194_304n, maxGas: -1n },
          evidence: {
            maxAgeNumBlocks: BigInt(max_age_num_blocks),
            maxAgeDuration: duration(BigInt(max_age_duration_nanos)),
            maxBytes: 1_048_576n,
          },
          validator: { pubKeyTypes: ["ed25519"] },
        },
      }),
    );
    return new DrivenChain(node, home, updates(answer.validators));
  }

  /** Finalizes and commits the block. */
  async block(block: VectorBlock): Promise<OurBlock> {
    const result = await this.#node.application.finalizeBlock(
      create(RequestFinalizeBlockSchema, {
        height: BigInt(block.height),
        time: timestamp(block.time),
        proposerAddress: hex(block.proposer),
        hash: new Uint8Array(32),
        nextValidatorsHash: new Uint8Array(32),
        txs: (block.txs ?? []).map(({ tx }) => new Uint8Array(Buffer.from(tx, "base64"))),
        decidedLastCommit: {
          round: 0,
          votes: (block.votes ?? []).map(({ validator, power, absent }) => ({
            validator: { address: hex(validator), power: BigInt(power) },
            blockIdFlag: absent === true ? BlockIDFlag.BLOCK_ID_FLAG_ABSENT : BlockIDFlag.BLOCK_ID_FLAG_COMMIT,
          })),
        },
        misbehavior: (block.misbehavior ?? []).map(({ validator, power, height, time, total_power }) => ({
          type: MisbehaviorType.DUPLICATE_VOTE,
          validator: { address: hex(validator), power: BigInt(power) },
          height: BigInt(height),
          time: timestamp(time),
          totalVotingPower: BigInt(total_power),
        })),
      }),
    );
    await this.#node.application.commit(create(RequestCommitSchema, {}));
    return {
      txs: result.txResults.map(({ code = 0, codespace = "", log = "", data, events = [] }) => ({
        code,
        codespace,
        log,
        data: Buffer.from(data ?? new Uint8Array(0)).toString("base64"),
        events: flat(events),
      })),
      updates: updates(result.validatorUpdates),
      events: flat(result.events ?? []),
    };
  }

  /** The answer as the REST gateway writes it, or the error. */
  async query({ path, request }: VectorQuery): Promise<{ answer?: JsonValue; code: number; log: string }> {
    const data = new Uint8Array(Buffer.from(request ?? "", "base64"));
    const { code = 0, log = "", value } = await this.#node.application.query(create(RequestQuerySchema, { path, data }));
    if (code !== 0) return { code, log };
    const schema = outputOf(path);
    return { code, log, answer: gatewayJson(schema, fromBinary(schema, value ?? new Uint8Array(0))) };
  }

  async close(): Promise<void> {
    await this.#node.close();
    rmSync(this.#home, { recursive: true, force: true });
  }
}

function outputOf(path: string) {
  const [, service = "", name] = path.split("/");
  const method = registry.getService(service)?.methods.find((one) => one.name === name);
  if (method === undefined) throw new Error(`${path} is in no protobuf file of ours`);
  return method.output;
}

function flat(events: readonly AbciEvent[]): FlatEvent[] {
  return events.map(({ type, attributes }) => [type, ...attributes.flatMap(({ key, value }) => [key, value])]);
}

function updates(list: AbciBlockResult["validatorUpdates"]): VectorUpdate[] {
  return (list ?? []).map(({ pubKey, power = 0n }) => ({
    ed25519: Buffer.from(pubKey?.sum?.case === "ed25519" ? (pubKey.sum.value ?? []) : []).toString("base64"),
    power: String(power),
  }));
}

function hex(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, "hex"));
}

/** RFC 3339 in UTC with up to nine digits behind the second. */
function timestamp(text: string): { seconds: bigint; nanos: number } {
  const [whole = "", fraction = ""] = text.replace("Z", "").split(".");
  return { seconds: BigInt(Date.parse(`${whole}Z`) / 1000), nanos: Number(fraction.padEnd(9, "0")) };
}

function duration(nanos: bigint): { seconds: bigint; nanos: number } {
  return { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) };
}
