import type { DescMessage } from "@bufbuild/protobuf";

import type { ReadonlyMultiStore } from "../store/kv.js";
import type { AppModule, ValidatorUpdate } from "./module.js";
import type { MsgRoute, QueryRoute } from "./router.js";
import { RouteTable, RoutingError } from "./router.js";

/** Two modules that claim one name or one store. Found at boot. */
export class WiringError extends Error {
  override readonly name = "WiringError";
}

/**
 * The modules of a chain, put together and checked: one owner a store, one handler a message and a query, and a handler
 * for each message type that a transaction could carry.
 */
export class Chain {
  /** In the order in which genesis is read and the hooks of a block run. */
  readonly modules: readonly AppModule[];
  readonly messages = new RouteTable<MsgRoute>();
  readonly queries = new RouteTable<QueryRoute>();
  /** In byte order. */
  readonly storeNames: readonly string[];

  constructor(modules: readonly AppModule[]) {
    this.modules = modules;
    const names = new Set<string>();
    let ownerOfValidators: string | undefined;
    const stores = new Map<string, string>();
    for (const module of modules) {
      if (names.has(module.name)) throw new WiringError(`two modules are named ${module.name}`);
      if (module.ownsValidators === true) {
        if (ownerOfValidators !== undefined) {
          throw new WiringError(`${ownerOfValidators} says who the validators are, ${module.name} cannot too`);
        }
        ownerOfValidators = module.name;
      }
      names.add(module.name);
      for (const { storeName } of module.schemas) {
        const owner = stores.get(storeName);
        if (owner !== undefined)
          throw new WiringError(`the store ${storeName} belongs to ${owner}, not to ${module.name} too`);
        stores.set(storeName, module.name);
      }
      for (const route of module.msgRoutes ?? []) this.messages.add(route.typeUrl, route);
      for (const route of module.queryRoutes ?? []) this.queries.add(route.path, route);
    }
    this.storeNames = [...stores.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Throws unless each of the request types, such as all those of our own Msg services, has a handler. */
  requireHandlers(inputs: Iterable<DescMessage>): void {
    for (const input of inputs) {
      if (this.messages.get(`/${input.typeName}`) === undefined) {
        throw new RoutingError(`no module handles ${input.typeName}`);
      }
    }
  }
}

/** What a module says of the validators. Throws {@link WiringError} when they do not belong to it. */
export function validatorsOf(
  { name, ownsValidators }: AppModule,
  updates: readonly ValidatorUpdate[] | void,
): readonly ValidatorUpdate[] {
  if (updates === undefined || updates.length === 0) return [];
  if (ownsValidators === true) return updates;
  throw new WiringError(`${name} changed validators, which do not belong to it`);
}

/** Something that reads constants of the chain from committed state when a node starts. */
export type ReadAtBoot = (stores: ReadonlyMultiStore) => void;
