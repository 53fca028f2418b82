import type { DescMethod } from "@bufbuild/protobuf";
import { http } from "@computronium/proto/google/api/annotations_pb.js";
import type { HttpRule } from "@computronium/proto/google/api/http_pb.js";

import { getOption, hasOption } from "../../../core/codec/protobuf.js";
import type { ServedMethod } from "../desk.js";
import type { PathTemplate } from "./path-template.js";
import { parseTemplate } from "./path-template.js";

/** One way to reach a method over HTTP. */
export interface RestRoute {
  /** GET, POST, … */
  readonly verb: string;
  readonly template: PathTemplate;
  /** Field that the body is, `*` for the whole request, empty for no body. */
  readonly body: string;
  /** Path of the gRPC method. */
  readonly path: string;
  readonly method: DescMethod;
}

/** A request's route, with what its path says. */
export interface MatchedRoute {
  readonly route: RestRoute;
  readonly variables: ReadonlyMap<string, string>;
}

/** Routes of all methods that have a `google.api.http` annotation, in order; the first that fits answers. */
export class RestRoutes {
  readonly all: readonly RestRoute[];
  readonly #byVerb = new Map<string, RestRoute[]>();

  constructor(methods: readonly ServedMethod[]) {
    this.all = methods.flatMap(routesOf);
    for (const route of this.all) {
      const list = this.#byVerb.get(route.verb);
      if (list === undefined) this.#byVerb.set(route.verb, [route]);
      else list.push(route);
    }
  }

  /** @param segments of the request's path, decoded. */
  find(verb: string, segments: readonly string[]): MatchedRoute | undefined {
    for (const route of this.#byVerb.get(verb) ?? []) {
      const variables = route.template.match(segments);
      if (variables !== undefined) return { route, variables };
    }
    return undefined;
  }
}

function routesOf({ path, method }: ServedMethod): RestRoute[] {
  if (!hasOption(method, http)) return [];
  const rule = getOption(method, http);
  return [rule, ...rule.additionalBindings].flatMap((binding) => {
    const target = targetOf(binding);
    return target === undefined ? [] : [{ ...target, body: binding.body, path, method }];
  });
}

function targetOf({ pattern }: HttpRule): { readonly verb: string; readonly template: PathTemplate } | undefined {
  if (pattern.case === undefined) return undefined;
  if (pattern.case === "custom") return { verb: pattern.value.kind, template: parseTemplate(pattern.value.path) };
  return { verb: pattern.case.toUpperCase(), template: parseTemplate(pattern.value) };
}
