/** `127.0.0.1:8000`, `[::1]:8000`, `tcp://0.0.0.0:8000`. Throws an Error for what is no address. */
export function parseListenAddress(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:(?:tcp|http):\/\/)?(\[[0-9a-fA-F:]+\]|[^:/\s]*):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2] ?? -1);
  if (match === null || port > 65_535)
    throw new Error(`--listen is "${text}": expected an address such as 127.0.0.1:8000`);
  const host = (match[1] ?? "").replaceAll(/[[\]]/g, "");
  return { host: host === "" ? "0.0.0.0" : host, port };
}
