import type { IncomingMessage, ServerResponse } from "node:http";

import { BLOCK_HEIGHT_HEADER } from "../height.js";

const NO_CONTENT = 204;
const PREFLIGHT_SECONDS = "600";

/** Any page may read the answer (`enabled-unsafe-cors`). */
export function addCorsHeaders(response: ServerResponse): void {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-expose-headers", BLOCK_HEIGHT_HEADER);
}

/** Answers what a browser asks before it sends a request of its own; false for everything else. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== "OPTIONS") return false;
  response.writeHead(NO_CONTENT, {
    "access-control-allow-methods": "GET, HEAD, POST, PUT, DELETE, PATCH",
    "access-control-allow-headers": `content-type, ${BLOCK_HEIGHT_HEADER}`,
    "access-control-max-age": PREFLIGHT_SECONDS,
  });
  response.end();
  return true;
}
