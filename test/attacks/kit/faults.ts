import { subscribe } from "node:diagnostics_channel";

/** 503 is named: a store is away, a node is going, an index is being built. */
const isFault = (status: number) => status >= 500 && status !== 503 && status !== 501;

const seen: number[] = [];
let isWatching = false;

/** Every answer of a fault of the server that this process has had since the last look, by fetch or by hand. */
export function takeFaults(): number[] {
  if (!isWatching) watch();
  return seen.splice(0);
}

/** https://undici.nodejs.org/#/docs/api/DiagnosticsChannel, https://nodejs.org/api/diagnostics_channel.html#http */
function watch(): void {
  isWatching = true;
  const note = (status: unknown) => {
    if (typeof status === "number" && isFault(status)) seen.push(status);
  };
  subscribe("undici:request:headers", (message) => note(Object(message).response?.statusCode));
  subscribe("http.client.response.finish", (message) => note(Object(message).response?.statusCode));
}
