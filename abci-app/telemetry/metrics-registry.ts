import { Registry } from "prom-client";

/** What is measured in this process: on this thread and, as text, on others. */
export class MetricsRegistry extends Registry {
  /** On every series. */
  readonly labels: Readonly<Record<string, string>>;
  readonly #others: (() => Promise<string>)[] = [];

  constructor(labels: Readonly<Record<string, string>> = {}) {
    super();
    this.labels = labels;
    this.setDefaultLabels(labels);
  }

  /**
   * Adds what another thread measures.
   *
   * @param read gives it in Prometheus' text format; when it rejects, the rest is shown without it
   */
  addThread(read: () => Promise<string>): void {
    this.#others.push(read);
  }

  override async metrics(): Promise<string> {
    const others = this.#others.map((read) => read().catch(() => ""));
    return (await Promise.all([super.metrics(), ...others])).filter((text) => text !== "").join("\n");
  }
}
