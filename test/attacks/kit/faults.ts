import { subscribe } from "node:diagnostics_channel";

/** 503 is named: a store is away, a node is going, an index is being built. */
const isFault = (status: number) => status >= 500 && status !== 503 && status !== 501;
/** Of the answers that HTTP itself may give before anything of ours is asked: 400, 408, 431. */
const isRefusal = (status: number) => status > 400 && status < 500 && ![408, 431].includes(status);

type Answer = { status: number; host: string; path: string };

const faults: number[] = [];
/** How often each status was a refusal, by host. */
const refusals = new Map<string, Map<number, number>>();
let isWatching = false;

/** Every answer of a fault of the server that this process has had since the last look, by fetch or by hand. */
export function takeFaults(): number[] {
  if (!isWatching) watch();
  return faults.splice(0);
}

/** How often this process was refused so far by this node, by status; handshakes of sockets don't count. */
export const refusalsBy = (url: string): ReadonlyMap<number, number> =>
  refusals.get(new URL(url).host) ?? new Map();

function note({ status, host, path }: Answer): void {
  if (isFault(status)) faults.push(status);
  if (!isRefusal(status) || path.startsWith("/socket.io")) return;
  const ofHost = refusals.get(host) ?? new Map<number, number>();
  refusals.set(host, ofHost.set(status, (ofHost.get(status) ?? 0) + 1));
}

/** https://undici.nodejs.org/#/docs/api/DiagnosticsChannel, https://nodejs.org/api/diagnostics_channel.html#http */
function watch(): void {
  isWatching = true;
  subscribe("undici:request:headers", (message) => {
    const { request, response } = Object(message);
    const { host } = new URL(request.origin);
    note({ status: response.statusCode, host, path: request.path });
  });
  subscribe("http.client.response.finish", (message) => {
    const { request, response } = Object(message);
    const host = String(request.getHeader("host"));
    note({ status: response.statusCode, host, path: request.path });
  });
}
