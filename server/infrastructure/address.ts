import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";

/**
 * The address that a request comes from. Each of `hops` proxies of our own has appended whom it heard to
 * `X-Forwarded-For`: the last `hops` entries are theirs, what stands before may be anybody's invention.
 */
export function addressOf({ headers, socket }: IncomingMessage, hops: number): string {
  const direct = plain(socket.remoteAddress ?? "");
  if (hops === 0) return direct;
  const told = String(headers["x-forwarded-for"] ?? "").split(",");
  return plain(told.at(-hops)?.trim() ?? "") || direct;
}

/**
 * What limits are kept for: an IPv4 address, or the /64 of an IPv6 one, since whoever has one address there
 * has them all (RFC 6177).
 */
export function networkOf(address: string): string {
  const [host = ""] = address.split("%");
  if (!isIPv6(host)) return address.slice(0, 64);
  const [front = "", back] = host.split("::");
  const groups = front === "" ? [] : front.split(":");
  const missing = back === undefined ? 0 : 8 - groups.length - back.split(":").length;
  const start = [
    ...groups,
    ...Array<string>(Math.max(missing, 0)).fill("0"),
    ...(back ?? "").split(":"),
  ];
  const four = start.slice(0, 4).map((group) => Number.parseInt(group || "0", 16).toString(16));
  return `${four.join(":")}::/64`;
}

/** IPv4 over an IPv6 socket, as the IPv4 address it is. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");
