// Tier: test. Budget: 2 s. Paths of google.api.http: what fits, what does not, and what is no template.
import { describe, expect, it } from "@jest/globals";

import { parseTemplate, TemplateError } from "./path-template.js";

const match = (template: string, path: string) => {
  const found = parseTemplate(template).match(path.slice(1).split("/"));
  return found === undefined ? undefined : Object.fromEntries(found);
};

describe("a path template", () => {
  it("takes variables from single parts of a path", () => {
    expect(match("/a/{x}/b/{y}", "/a/1/b/2")).toEqual({ x: "1", y: "2" });
    expect(match("/a/{x.y_z}", "/a/1")).toEqual({ "x.y_z": "1" });
    expect(match("/a/{x=*}", "/a/1")).toEqual({ x: "1" });
    expect(match("/a/{x}", "/a/")).toEqual({ x: "" });
  });

  it("does not fit longer, shorter or other paths", () => {
    for (const path of ["/a", "/a/1/b", "/b/1", "/a/1/"]) expect(match("/a/{x}", path)).toBeUndefined();
    expect(match("/a/b", "/a/b")).toEqual({});
    expect(match("/a/b", "/a/c")).toBeUndefined();
  });

  it("takes all that is left for **", () => {
    expect(match("/m/{denom=**}", "/m/ibc/AB/c")).toEqual({ denom: "ibc/AB/c" });
    expect(match("/m/{denom=**}", "/m")).toEqual({ denom: "" });
    expect(match("/m/{name=x/*}", "/m/x/1")).toEqual({ name: "x/1" });
    expect(match("/m/{name=x/*}", "/m/y/1")).toBeUndefined();
  });

  it("knows verbs at the end", () => {
    expect(match("/a/{x}:cancel", "/a/1:cancel")).toEqual({ x: "1" });
    expect(match("/a/{x}:cancel", "/a/1")).toBeUndefined();
  });

  it("is refused when it cannot be read", () => {
    for (const text of ["a/b", "/a/{x", "/a/{1}", "/a/}", "/a/{x=**}/b", "/a/{}"]) {
      expect(() => parseTemplate(text)).toThrow(TemplateError);
    }
  });
});
