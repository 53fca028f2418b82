import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";

import { ScalarType } from "../../../core/codec/protobuf.js";
import { isNumber } from "../../../core/codec/go-types.js";
import type { RestRoute } from "./routes.js";

type Json = { readonly [key: string]: unknown };

/** Messages within messages that become parameters of their own (`pagination.limit`). */
const MAX_PARAMETER_DEPTH = 3;

/** OpenAPI 3.0 of all routes, made from the descriptors. */
export function openApiDocument(routes: readonly RestRoute[]): Json {
  const types = new Map<string, Json>();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = pathOf(route);
    (paths[path] ??= {})[route.verb.toLowerCase()] = operation(route, types);
  }
  return {
    openapi: "3.0.3",
    info: {
      title: "Computronium",
      version: "v1",
      description: "Every query and service of the node. 64-bit integers are text; bytes are base64.",
    },
    paths,
    components: { schemas: Object.fromEntries(types) },
  };
}

/** `{denom=**}` has no counterpart in OpenAPI: it is shown as `{denom}`. */
function pathOf({ template }: RestRoute): string {
  return template.text.replace(/\{([\w.]+)=[^}]*\}/g, "{$1}");
}

function operation(route: RestRoute, types: Map<string, Json>): Json {
  const { method, template, body } = route;
  const inPath = new Set(template.variables);
  const query = body === "*" ? [] : queryParameters(method.input, "", types).filter(({ name }) => !inPath.has(name));
  const bodyField = method.input.fields.find(({ name }) => name === body);
  const bodySchema = body === "*" ? messageSchema(method.input, types) : bodyField && fieldSchema(bodyField, types);
  return {
    operationId: `${method.parent.typeName}.${method.name}`,
    summary: method.name,
    tags: [method.parent.typeName],
    parameters: [
      ...template.variables.map((name) => ({
        name,
        in: "path",
        required: true,
        schema: pathSchema(method.input, name),
      })),
      ...query.filter(({ name }) => name !== body),
      {
        name: "x-cosmos-block-height",
        in: "header",
        schema: { type: "string" },
        description: "committed height to answer at",
      },
    ],
    ...(bodySchema === undefined ? {} : { requestBody: { content: { "application/json": { schema: bodySchema } } } }),
    responses: {
      "200": { description: "OK", content: { "application/json": { schema: messageSchema(method.output, types) } } },
      default: { description: "refused", content: { "application/json": { schema: STATUS } } },
    },
  };
}

const STATUS: Json = {
  type: "object",
  properties: { code: { type: "integer" }, message: { type: "string" }, details: { type: "array", items: {} } },
};

function pathSchema(input: DescMessage, name: string): Json {
  const field = input.fields.find((known) => known.name === name);
  return field === undefined ? { type: "string" } : fieldSchema(field, new Map());
}

interface Parameter {
  readonly name: string;
  readonly in: "query";
  readonly schema: Json;
}

function queryParameters(message: DescMessage, prefix: string, types: Map<string, Json>, depth = 0): Parameter[] {
  return message.fields.flatMap((field): Parameter[] => {
    const name = prefix + field.name;
    const isText = field.message === undefined || SPECIAL.has(field.message.typeName);
    if (field.fieldKind === "map" || (field.fieldKind === "list" && !isText)) return [];
    if (isText) return [{ name, in: "query", schema: fieldSchema(field, types) }];
    if (depth === MAX_PARAMETER_DEPTH || field.message === undefined || field.message.typeName === ANY) return [];
    return queryParameters(field.message, `${name}.`, types, depth + 1);
  });
}

const ANY = "google.protobuf.Any";
const SPECIAL: ReadonlyMap<string, Json> = new Map([
  ["google.protobuf.Timestamp", { type: "string", format: "date-time" }],
  ["google.protobuf.Duration", { type: "string", example: "3600s" }],
]);

/** A reference to the message's schema, which is added with all that it needs. */
function messageSchema(message: DescMessage, types: Map<string, Json>): Json {
  const special = SPECIAL.get(message.typeName);
  if (special !== undefined) return special;
  if (message.typeName === ANY) {
    return { type: "object", properties: { "@type": { type: "string" } }, additionalProperties: true };
  }
  if (!types.has(message.typeName)) {
    // Before its fields, since a message may hold itself.
    types.set(message.typeName, {});
    const properties = Object.fromEntries(message.fields.map((field) => [field.name, fieldSchema(field, types)]));
    types.set(message.typeName, { type: "object", properties });
  }
  return { $ref: `#/components/schemas/${message.typeName}` };
}

function fieldSchema(field: DescField, types: Map<string, Json>): Json {
  if (field.fieldKind === "map") return { type: "object", additionalProperties: true };
  if (field.fieldKind === "list") return { type: "array", items: oneSchema(field, types) };
  return oneSchema(field, types);
}

function oneSchema(field: DescField, types: Map<string, Json>): Json {
  if (field.message !== undefined) return messageSchema(field.message, types);
  if (field.enum !== undefined) return enumSchema(field.enum);
  if (isNumber(field)) return { type: "string", format: "number" };
  return field.fieldKind === "map" ? {} : scalarSchema(field.scalar);
}

function enumSchema({ values }: DescEnum): Json {
  return { type: "string", enum: values.map(({ name }) => name) };
}

function scalarSchema(scalar: ScalarType | undefined): Json {
  switch (scalar) {
    case ScalarType.BOOL:
      return { type: "boolean" };
    case ScalarType.BYTES:
      return { type: "string", format: "byte" };
    case ScalarType.STRING:
      return { type: "string" };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: "number" };
    case ScalarType.INT32:
    case ScalarType.UINT32:
    case ScalarType.SINT32:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return { type: "integer" };
    default:
      return { type: "string", format: "int64" };
  }
}
