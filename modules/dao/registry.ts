import type { NetworkAdapter, ResourceClass } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import {
  EventNetworkAdapterAdmittedSchema,
  EventNetworkAdapterRemovedSchema,
  EventResourceClassAdmittedSchema,
  EventResourceClassRemovedSchema,
} from "@computronium/proto/computronium/dao/v1/events_pb.js";

import { ErrNotFound } from "../../core/errors.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import type { DaoState } from "./state.js";

/** What the market may trade beyond what it was born with, as votes admitted it. Other modules read it. */
export class Registry {
  readonly #state: DaoState;

  constructor(state: DaoState) {
    this.#state = state;
  }

  resourceClass(ctx: ReadContext, name: string): ResourceClass | undefined {
    return this.#state.resourceClasses.get(ctx, name);
  }

  networkAdapter(ctx: ReadContext, name: string): NetworkAdapter | undefined {
    return this.#state.networkAdapters.get(ctx, name);
  }

  /** In place of one of the same name. */
  admitResourceClass(ctx: Context, resourceClass: ResourceClass): void {
    this.#state.resourceClasses.set(ctx, resourceClass.name, resourceClass);
    ctx.events.emit(typedEvent(EventResourceClassAdmittedSchema, { resourceClass }));
  }

  /** Throws `sdk` 38 where there is none. */
  removeResourceClass(ctx: Context, name: string): void {
    if (this.resourceClass(ctx, name) === undefined) throw ErrNotFound.with(`there is no resource class ${name}`);
    this.#state.resourceClasses.remove(ctx, name);
    ctx.events.emit(typedEvent(EventResourceClassRemovedSchema, { name }));
  }

  /** In place of one of the same name. */
  admitNetworkAdapter(ctx: Context, networkAdapter: NetworkAdapter): void {
    this.#state.networkAdapters.set(ctx, networkAdapter.name, networkAdapter);
    ctx.events.emit(typedEvent(EventNetworkAdapterAdmittedSchema, { networkAdapter }));
  }

  /** Throws `sdk` 38 where there is none. */
  removeNetworkAdapter(ctx: Context, name: string): void {
    if (this.networkAdapter(ctx, name) === undefined) throw ErrNotFound.with(`there is no network adapter ${name}`);
    this.#state.networkAdapters.remove(ctx, name);
    ctx.events.emit(typedEvent(EventNetworkAdapterRemovedSchema, { name }));
  }
}
