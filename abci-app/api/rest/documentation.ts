import type { IncomingMessage, ServerResponse } from "node:http";

import { openApiDocument } from "./openapi.js";
import type { RestRoute } from "./routes.js";
import { PAGE, PAGE_SCRIPT } from "./try-page.js";

const OK = 200;
const MOVED = 302;
/** The page loads nothing from elsewhere. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'";

/** `/openapi.json` and the page at `/swagger/`. */
export class Documentation {
  readonly #routes: readonly RestRoute[];
  #document: string | undefined;

  constructor(routes: readonly RestRoute[]) {
    this.#routes = routes;
  }

  /** False when the path is another one. */
  answer(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    switch (path) {
      case "/openapi.json":
      case "/swagger/swagger.json":
        this.#document ??= JSON.stringify(openApiDocument(this.#routes));
        send(response, "application/json", this.#document);
        return true;
      case "/swagger/":
        send(response, "text/html; charset=utf-8", PAGE);
        return true;
      case "/swagger/page.js":
        send(response, "text/javascript; charset=utf-8", PAGE_SCRIPT);
        return true;
      case "/swagger":
        response.writeHead(MOVED, { location: "/swagger/" });
        response.end();
        return true;
      default:
        return false;
    }
  }
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(OK, {
    "content-type": type,
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}
