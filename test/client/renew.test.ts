import { afterEach, describe, expect, it } from "@jest/globals";
import { connect } from "../../client/connect.ts";
import { follow } from "../../client/follow.ts";
import type { Occasion, TokenSource } from "../../client/renew.ts";
import { startNode } from "./bare-node.ts";

const opened: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** A node and a connection whose tokens come from a function; `asked` is what it was asked for. */
async function start(answers: (string | null | Error)[]) {
  const node = await startNode();
  const asked: Occasion[] = [];
  const source: TokenSource = async (occasion) => {
    asked.push(occasion);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer === undefined ? "good" : answer;
  };
  const socket = connect(node.url, { token: source });
  opened.push(node, socket);
  return { node, socket, asked };
}

const connected = (socket: ReturnType<typeof connect>) =>
  new Promise<void>((resolve) => socket.once("connect", () => resolve()));
const expiresAt = new Date(0).toISOString();

describe("a connection whose tokens come from a function", () => {
  it("hands in the next token when the one that it has is about to end", async () => {
    const { node, socket, asked } = await start(["good", "better"]);
    const renewed = new Promise<string>((resolve) =>
      node.io.on("connection", (one) =>
        one.on("session:renew", ({ token }, reply) => {
          reply({ ok: true, data: { expiresAt } });
          resolve(token);
        }),
      ),
    );

    await connected(socket);
    node.io.emit("session:expiring", { expiresAt });

    expect(await renewed).toBe("better");
    expect(asked).toEqual(["connect", "renew"]);
    expect(socket.connected).toBe(true);
  });

  it("comes back with another token after the end of one, and follows on", async () => {
    const { node, socket } = await start([]);
    await connected(socket);
    const following = follow(socket, "jobs");
    await following.next();

    const back = connected(socket);
    node.io.emit("session:ended", { code: "token_expired" });
    node.io.disconnectSockets(true);
    await back;
    const first = await following.next();
    node.publish();
    const second = await following.next();

    expect([first, second].map(({ value }) => value?.kind)).toEqual(["recovered", "event"]);
  });

  it("comes in anew where its next token is another session's", async () => {
    const { node, socket } = await start([]);
    node.io.on("connection", (one) =>
      one.on("session:renew", (_payload, reply) =>
        reply({ ok: false, error: { code: "unauthorized", message: "another session's" } }),
      ),
    );
    await connected(socket);

    const back = connected(socket);
    node.io.emit("session:expiring", { expiresAt });

    await back;
  });

  it("waits for a token that can't be had just now", async () => {
    const { socket, asked } = await start([new Error("no network")]);

    await connected(socket);

    expect(asked).toEqual(["connect", "connect"]);
  });

  it("gives up when there will be none any more", async () => {
    const { socket } = await start([null]);

    const refused = new Promise<Error>((resolve) => socket.once("connect_error", resolve));

    expect(await refused).toMatchObject({ data: { code: "unauthorized" } });
    expect(socket.active).toBe(false);
  });

  it("ends with its session", async () => {
    const { node, socket } = await start([]);
    await connected(socket);
    const closed = new Promise((resolve) => socket.once("disconnect", resolve));

    node.io.emit("session:ended", { code: "session_revoked" });

    expect(await closed).toBe("io client disconnect");
  });
});
