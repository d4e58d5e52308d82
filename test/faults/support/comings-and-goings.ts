import type { Followed } from "../../../client/channel-rule.ts";
import type { SluiceSocket } from "../../../client/connect.ts";
import type { Position } from "../../../protocol/channels.ts";
import { type Recording, record } from "./recording.ts";

/**
 * Watches in turns through one connection and the other, each time until something live has come. Never
 * asks again, so that what falls between an answer and the live events stays missing.
 */
export async function comeAndGo(sockets: readonly SluiceSocket[], channel: string, rounds: number) {
  const items: Followed[] = [];
  let position: Position | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const socket = sockets[round % sockets.length];
    if (!socket) throw new Error("no connection to come by");
    const visit = await record(socket, channel, position);
    await visit.until(({ seq }) => seq > visit.answer.seq, "a live event");
    await visit.stop();
    items.push(...toItems(visit, position === undefined));
    const last = visit.events().at(-1);
    if (last) position = { epoch: last.epoch, seq: last.seq };
  }
  return items;
}

/** A visit as the client library would have handed it over. */
function toItems({ answer, events }: Recording, isFirst: boolean): Followed[] {
  const { epoch, seq, snapshot, recovered } = answer;
  const all = events().map((event): Followed => ({ kind: "event", event }));
  if (isFirst || !recovered) {
    return [{ kind: "snapshot", snapshot, epoch, seq, recovered: isFirst }, ...all];
  }
  const missed = answer.events.length;
  return [...all.slice(0, missed), { kind: "recovered", events: missed }, ...all.slice(missed)];
}
