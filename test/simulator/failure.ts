/** Something that must not happen has happened. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
  /** Which promise, without figures: two failures of one kind are taken for the same while a run is shrunk. */
  readonly kind: string;

  constructor(kind: string, details: string) {
    super(`${kind}: ${details}`);
    this.kind = kind;
  }
}

export interface Failure {
  readonly kind: string;
  readonly message: string;
  readonly height: bigint;
  /** Number of steps that were carried out, the failing one included. */
  readonly steps: number;
}

/** The kind of any error: of what the engine throws, its text without numbers and addresses. */
export function kindOf(error: unknown): string {
  if (error instanceof BrokenPromise) return error.kind;
  if (!(error instanceof Error)) return "unknown";
  const [firstLine = ""] = error.message.split("\n");
  return `${error.name}: ${firstLine.replace(/\b(cptm1|cptmval)\w+/g, "ADDRESS").replace(/-?\d+/g, "N")}`;
}
