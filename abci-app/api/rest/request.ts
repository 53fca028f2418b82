import type { DescField, DescMessage, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";

import { messageFromJson, parseJson } from "../../../core/codec/json.js";
import { ScalarType } from "../../../core/codec/protobuf.js";
import { invalidArgument } from "../../../core/runtime/status.js";
import type { MatchedRoute } from "./routes.js";

/** Objects and arrays in each other; more is refused before it is read. */
const MAX_JSON_DEPTH = 100;
/** Parts of a name such as `pagination.limit`, and parameters of a request. */
const MAX_PATH_PARTS = 16;
const MAX_PARAMETERS = 1000;

/**
 * The message of an HTTP request: from its body, its path and its query, in this order, so that the path counts over the
 * body, as in grpc-gateway. Names that no field has are ignored. Throws StatusError InvalidArgument.
 */
export function requestMessage({ route, variables }: MatchedRoute, query: URLSearchParams, body: string): Message {
  const schema = route.method.input;
  const json = bodyJson(schema, route.body, body);
  try {
    for (const [path, text] of variables) setVariable(schema, json, path, text);
    if (route.body !== "*") addQuery(schema, json, { query, taken: new Set([...variables.keys(), route.body]) });
    return messageFromJson(schema, json, { ignoreUnknownFields: true });
  } catch (error) {
    throw invalidArgument(error instanceof Error ? error.message : String(error));
  }
}

/** What the path says; errors in the words of grpc-gateway. */
function setVariable(schema: DescMessage, json: JsonObject, path: string, text: string): void {
  try {
    setField(schema, json, path, [text]);
    messageFromJson(schema, path.includes(".") ? {} : { [path]: json[path] ?? null });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`type mismatch, parameter: ${path}, error: ${reason}`, { cause: error });
  }
}

function bodyJson(schema: DescMessage, field: string, body: string): JsonObject {
  if (field === "" || body.trim() === "") return {};
  let json: JsonValue;
  try {
    requireShallow(body);
    json = parseJson(body);
  } catch (error) {
    throw invalidArgument(error instanceof Error ? error.message : String(error));
  }
  if (field !== "*") return { [field]: json };
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw invalidArgument(`the body is no JSON object of ${schema.typeName}`);
  }
  return json;
}

function requireShallow(text: string): void {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inText) {
      if (character === "\\") i++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === "{" || character === "[") {
      if (++depth > MAX_JSON_DEPTH) throw new Error(`the body is nested more than ${MAX_JSON_DEPTH} deep`);
    } else if (character === "}" || character === "]") depth--;
  }
}

function addQuery(
  schema: DescMessage,
  json: JsonObject,
  { query, taken }: { readonly query: URLSearchParams; readonly taken: ReadonlySet<string> },
): void {
  const names = new Set(query.keys());
  if (query.size > MAX_PARAMETERS) throw new Error(`more than ${MAX_PARAMETERS} parameters`);
  for (const name of names) {
    if ([...taken].some((path) => name === path || name.startsWith(`${path}.`))) continue;
    setField(schema, json, name, query.getAll(name));
  }
}

/** Sets `a.b.c` in the JSON of a message. A name that is no field is ignored, as grpc-gateway does. */
function setField(schema: DescMessage, json: JsonObject, path: string, texts: readonly string[]): void {
  const parts = path.split(".");
  if (parts.length > MAX_PATH_PARTS) throw new Error(`${path.slice(0, 40)}…: more than ${MAX_PATH_PARTS} parts`);
  let at = json;
  let type = schema;
  for (const [i, part] of parts.entries()) {
    const field = type.fields.find(({ name, jsonName }) => name === part || jsonName === part);
    if (field === undefined) return;
    const isLast = i === parts.length - 1;
    if (isLast) {
      at[field.name] = fieldJson(field, texts);
      return;
    }
    if (field.fieldKind !== "message") throw new Error(`${path}: ${field.name} has no fields of its own`);
    const known = at[field.name];
    const inner: JsonObject = isObject(known) ? known : {};
    at[field.name] = inner;
    at = inner;
    type = field.message;
  }
}

function fieldJson(field: DescField, texts: readonly string[]): JsonValue {
  if (field.fieldKind === "map") throw new Error(`${field.name} is a map, which no parameter can be`);
  if (field.fieldKind === "list") return texts.map((text) => valueJson(field, text));
  return valueJson(field, texts[0] ?? "");
}

/** Message types that have a text form. */
const TEXT_MESSAGES = new Set(["google.protobuf.Timestamp", "google.protobuf.Duration", "google.protobuf.FieldMask"]);

function valueJson(field: DescField, text: string): JsonValue {
  if (field.message !== undefined) {
    if (TEXT_MESSAGES.has(field.message.typeName)) return text;
    throw new Error(`${field.name} is a message: name one of its fields, as in ${field.name}.field`);
  }
  if (field.enum !== undefined) return enumJson(field, text);
  if (field.fieldKind === "map") return text;
  switch (field.scalar) {
    case ScalarType.BOOL:
      return booleanJson(field, text);
    case ScalarType.BYTES:
      // In a query a plus sign that was not escaped reads as a space.
      return text.replaceAll(" ", "+");
    case ScalarType.STRING:
      return text;
    default:
      if (text.trim() === "") throw new Error(`${field.name}: "${text}" is no number`);
      return text;
  }
}

function enumJson(field: DescField, text: string): JsonValue {
  const values = field.enum?.values ?? [];
  const found = values.find(({ name, number }) => name === text || String(number) === text);
  if (found === undefined) throw new Error(`${text} is not a valid ${field.enum?.typeName ?? field.name}`);
  return found.name;
}

/** As Go's strconv.ParseBool. */
function booleanJson(field: DescField, text: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw new Error(`${field.name}: "${text}" is neither true nor false`);
}

function isObject(json: JsonValue | undefined): json is JsonObject {
  return json !== null && typeof json === "object" && !Array.isArray(json);
}
