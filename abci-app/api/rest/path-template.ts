/** A `google.api.http` path that this gateway cannot read. Found at boot. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "one" }
  /** All that is left, perhaps nothing. */
  | { readonly kind: "rest" };

interface Variable {
  /** Field path of the request, such as `pagination.limit`. */
  readonly field: string;
  /** Range of segments. */
  readonly from: number;
  readonly to: number;
}

/** A path of `google.api.http` (google/api/http.proto, "Path template syntax"), compiled. */
export interface PathTemplate {
  readonly text: string;
  /** Field paths that the path sets. */
  readonly variables: readonly string[];
  /** Texts of the variables when the segments of a request's path fit; undefined when they do not. */
  match(segments: readonly string[]): ReadonlyMap<string, string> | undefined;
}

export function parseTemplate(text: string): PathTemplate {
  const { segments, variables, verb } = new TemplateParser(text).parse();
  const rest = segments.findIndex(({ kind }) => kind === "rest");
  if (rest !== -1 && rest !== segments.length - 1) throw new TemplateError(`${text}: ** must be the last segment`);
  return {
    text,
    variables: variables.map(({ field }) => field),
    match(asked) {
      const path = verb === "" ? asked : withoutVerb(asked, verb);
      if (path === undefined || !fits(segments, path, rest)) return undefined;
      return new Map(
        variables.map(({ field, from, to }) => {
          const end = rest !== -1 && to === segments.length ? path.length : to;
          return [field, path.slice(from, end).join("/")];
        }),
      );
    },
  };
}

function fits(segments: readonly Segment[], path: readonly string[], rest: number): boolean {
  if (rest === -1 ? path.length !== segments.length : path.length < rest) return false;
  // A part that is empty fits too, as in grpc-gateway: the method says what is wrong with it.
  return segments.every((segment, i) => segment.kind !== "literal" || path[i] === segment.text);
}

function withoutVerb(path: readonly string[], verb: string): readonly string[] | undefined {
  const last = path.at(-1) ?? "";
  return last.endsWith(`:${verb}`) ? [...path.slice(0, -1), last.slice(0, -verb.length - 1)] : undefined;
}

/**
 * Template = "/" Segments [ ":" Verb ]; Segments = Segment { "/" Segment };
 * Segment = "*" | "**" | LITERAL | "{" FieldPath [ "=" Segments ] "}"
 */
class TemplateParser {
  readonly #text: string;
  #at = 0;
  readonly #segments: Segment[] = [];
  readonly #variables: Variable[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  parse(): { segments: readonly Segment[]; variables: readonly Variable[]; verb: string } {
    this.#expect("/");
    this.#readSegments();
    let verb = "";
    if (this.#text[this.#at] === ":") {
      verb = this.#text.slice(this.#at + 1);
      this.#at = this.#text.length;
    }
    if (this.#at !== this.#text.length) throw this.#error();
    return { segments: this.#segments, variables: this.#variables, verb };
  }

  #readSegments(): void {
    for (;;) {
      this.#readSegment();
      if (this.#text[this.#at] !== "/") return;
      this.#at++;
    }
  }

  #readSegment(): void {
    if (this.#text[this.#at] !== "{") {
      const text = this.#take(/[^/{}:=]*/y);
      this.#segments.push(
        text === "**" ? { kind: "rest" } : text === "*" ? { kind: "one" } : { kind: "literal", text },
      );
      return;
    }
    this.#at++;
    const field = this.#take(/[a-zA-Z_][\w.]*/y);
    const from = this.#segments.length;
    if (this.#text[this.#at] === "=") {
      this.#at++;
      this.#readSegments();
    } else {
      this.#segments.push({ kind: "one" });
    }
    this.#expect("}");
    this.#variables.push({ field, from, to: this.#segments.length });
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw this.#error();
    this.#at += found.length;
    return found;
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw this.#error();
    this.#at++;
  }

  #error(): TemplateError {
    return new TemplateError(`${this.#text} is no path template (at character ${this.#at})`);
  }
}
