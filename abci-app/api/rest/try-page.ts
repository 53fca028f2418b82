/** The page at `/swagger/`: every route with a form to try it. It needs nothing but this node. */
export const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Computronium API</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff; }
  h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; border-bottom: 1px solid #d0d7de; }
  details { border: 1px solid #d0d7de; border-radius: 4px; margin: .3rem 0; }
  summary { cursor: pointer; padding: .3rem .6rem; font-family: ui-monospace, monospace; font-size: .85rem; overflow-wrap: anywhere; }
  form { padding: .2rem .8rem .8rem; }
  label { display: grid; grid-template-columns: 16rem 1fr; gap: .6rem; margin: .25rem 0; align-items: center; font-size: .85rem; }
  input, textarea { font: inherit; padding: .2rem .4rem; width: 100%; box-sizing: border-box; }
  pre { background: #f6f8fa; padding: .6rem; overflow: auto; max-height: 30rem; font-size: .8rem; margin: .6rem 0 0; }
  #filter { margin: .6rem 0; }
  @media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } pre { background: #161b22; } }
</style>
<h1>Computronium API</h1>
<p>Every query and service of this node over HTTP. The same as <a href="/openapi.json">OpenAPI</a>.</p>
<input id="filter" type="search" placeholder="part of a path or service" aria-label="filter">
<main id="routes">Loading…</main>
<script src="page.js"></script>
</html>
`;

/** In a file of its own, since the page's policy permits no script within it. */
export const PAGE_SCRIPT = `"use strict";
const make = (tag, fields = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), fields);
  element.append(...children);
  return element;
};

function tryForm(path, verb, operation) {
  const inputs = [];
  const form = make("form");
  for (const parameter of operation.parameters) {
    const input = make("input", { placeholder: parameter.schema.enum?.join(" | ") ?? parameter.schema.type, required: parameter.required === true });
    inputs.push({ parameter, input });
    form.append(make("label", {}, parameter.name + (parameter.in === "header" ? " (header)" : ""), input));
  }
  const body = operation.requestBody && make("textarea", { rows: 6, placeholder: "JSON" });
  if (body) form.append(make("label", {}, "body", body));
  const output = make("pre", { hidden: true });
  form.append(make("button", { textContent: "Try it" }), output);
  form.onsubmit = async (event) => {
    event.preventDefault();
    let target = path;
    const query = new URLSearchParams();
    const headers = {};
    for (const { parameter, input } of inputs) {
      if (input.value === "") continue;
      if (parameter.in === "path") target = target.replace("{" + parameter.name + "}", encodeURIComponent(input.value));
      else if (parameter.in === "header") headers[parameter.name] = input.value;
      else for (const one of parameter.schema.type === "array" ? input.value.split(",") : [input.value]) query.append(parameter.name, one);
    }
    const url = query.size > 0 ? target + "?" + query : target;
    output.hidden = false;
    output.textContent = verb.toUpperCase() + " " + url;
    try {
      const answer = await fetch(url, { method: verb.toUpperCase(), headers, body: body ? body.value : undefined });
      output.textContent += "\\n" + answer.status + "\\n" + JSON.stringify(await answer.json(), null, 2);
    } catch (error) {
      output.textContent += "\\n" + error;
    }
  };
  return form;
}

function route(path, verb, operation) {
  const details = make("details", {}, make("summary", { textContent: verb.toUpperCase() + " " + path }));
  details.ontoggle = () => {
    if (details.open && details.children.length === 1) details.append(tryForm(path, verb, operation));
  };
  return details;
}

async function show() {
  const { paths } = await (await fetch("/openapi.json")).json();
  const services = new Map();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [verb, operation] of Object.entries(operations)) {
      const [service] = operation.tags;
      if (!services.has(service)) services.set(service, []);
      services.get(service).push(route(path, verb, operation));
    }
  }
  const main = document.getElementById("routes");
  main.replaceChildren(...[...services].map(([service, routes]) => make("section", {}, make("h2", { textContent: service }), ...routes)));
  document.getElementById("filter").oninput = ({ target }) => {
    for (const section of main.children) {
      const service = section.firstChild.textContent;
      let any = false;
      for (const details of section.querySelectorAll("details")) {
        details.hidden = !(service + details.firstChild.textContent).toLowerCase().includes(target.value.toLowerCase());
        any ||= !details.hidden;
      }
      section.hidden = !any;
    }
  };
}

show().catch((error) => document.getElementById("routes").replaceChildren(String(error)));
`;
