/** One event of a block, as ABCI carries it: attributes in the order in which they were given. */
export interface ChainEvent {
  readonly type: string;
  readonly attributes: readonly EventAttribute[];
}

export interface EventAttribute {
  readonly key: string;
  readonly value: string;
}

/** An event from `[key, value]` pairs. */
export function event(type: string, ...attributes: readonly (readonly [key: string, value: string])[]): ChainEvent {
  return { type, attributes: attributes.map(([key, value]) => ({ key, value })) };
}

/** The events of a transaction or a hook, in order. */
export class EventLog {
  #events: ChainEvent[] = [];

  emit(emitted: ChainEvent): void {
    this.#events.push(emitted);
  }

  append(events: readonly ChainEvent[]): void {
    for (const emitted of events) this.#events.push(emitted);
  }

  /** Puts others in the place of all that were emitted. */
  replace(events: readonly ChainEvent[]): void {
    this.#events = [...events];
  }

  list(): readonly ChainEvent[] {
    return this.#events;
  }
}
