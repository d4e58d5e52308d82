import fc from "fast-check";
import { type Asked, exportsAsked, recordsAsked, requestsAsked } from "./events.ts";
import { connections } from "./frames.ts";
import { type AnyTarget, target } from "./target.ts";
import { alter, change } from "./texts.ts";
import { openWire, type Wire } from "./wire.ts";
import { inTurn, type World } from "./world.ts";

const wiresPerTarget = 4;
const readable = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

/** What comes by socket: requests over connections that last, and connections that are spoilt. */
export async function socketTargets(world: World): Promise<AnyTarget[]> {
  const url = inTurn(world.cluster);

  async function openWires(token: string): Promise<Wire[]> {
    const opened = await Promise.all(
      Array.from({ length: wiresPerTarget }, () => openWire({ url: url(), auth: { token } })),
    );
    return opened.map(({ wire, refused }) => {
      if (!wire) throw new Error(`no connection: ${refused}`);
      return wire;
    });
  }

  async function asker(token: string) {
    const wires = await openWires(token);
    let turn = 0;
    return ({ event, args }: Asked): Promise<string> => {
      const wire = wires[turn++ % wires.length] as Wire;
      return wire
        .ask(event, args.map(world.fill))
        .then((code) => (code === "closed" ? "lost: closed" : code));
    };
  }
  const show = ({ event, args }: Asked) => `${event} ${args.join(", ")}`;
  const ask = await asker(world.ann.token);
  const order = await asker(world.bob.token);

  const bits = fc.constantFrom(...readable, "+", "/", "=", "\0", "é", " ");
  const spoiltCursor = fc.record({
    of: fc.nat(world.cursors.length - 1),
    by: fc.nat(world.cursors.length - 1),
    changes: fc.array(change(bits), { maxLength: 3 }),
  });

  return [
    target({
      name: "socket requests",
      share: 300,
      atOnce: 64,
      input: requestsAsked,
      send: ask,
      show,
    }),
    target({
      name: "filters and sorts",
      share: 60,
      atOnce: 32,
      input: recordsAsked,
      send: ask,
      show,
    }),
    target({
      ...{ name: "cursors", share: 70, atOnce: 64, input: spoiltCursor },
      send: ({ of, by, changes }) => {
        const cursor = alter(world.cursors[by]?.cursor ?? "", changes);
        const request = { ...world.cursors[of]?.request, cursor };
        return ask({ event: "records:list", args: [JSON.stringify(request)] });
      },
    }),
    target({ name: "exports", share: 1, atOnce: 4, input: exportsAsked, send: order, show }),
    target({
      ...{ name: "connections", share: 6, atOnce: 8, input: connections },
      async send({ auth, query, frames }) {
        const given = { token: world.ann.token, ...auth };
        const { wire, refused } = await openWire({ url: url(), auth: given, query });
        if (!wire) return `refused: ${refused}`;
        for (const frame of frames) {
          if (typeof frame === "string") wire.send(world.fill(frame));
          else if ("raw" in frame) wire.sendRaw(frame.raw);
          else wire.send(Buffer.from(frame.bytes));
        }
        const code = await wire.ask("jobs:list", ["{}"]);
        wire.close();
        return code;
      },
    }),
  ];
}
