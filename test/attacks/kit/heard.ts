import { eventually } from "../../flows/support/eventually.ts";
import type { OpenSocket } from "./sockets.ts";

/** The events of one channel that a connection has heard, by their type. */
export const typesOf = ({ heard }: OpenSocket, channel: string): string[] =>
  heard
    .filter(({ event, data }) => event === "event" && Object(data).channel === channel)
    .map(({ data }) => String(Object(data).type));

/** Waits until one has come; gives all. */
export const hear = (socket: OpenSocket, channel: string): Promise<string[]> =>
  eventually(
    async () => typesOf(socket, channel),
    (types) => types.length > 0,
  );
