import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, it } from "@jest/globals";
import Koa from "koa";
import type { Job } from "../../protocol/jobs.ts";
import type { State } from "../../server/http/context.ts";
import { createEventStream } from "../../server/http/event-stream.ts";
import type { Told } from "../../server/realtime/job-follower.ts";

type Stream = ReturnType<typeof createEventStream>;

/** A server that answers each request with a stream, and a reader that has asked but reads nothing. */
async function openUnread() {
  const app = new Koa<State>();
  app.silent = true;
  const opened = new Promise<Stream>((resolve) =>
    app.use((ctx) => {
      const stream = createEventStream(ctx);
      ctx.body = stream.body;
      resolve(stream);
    }),
  );
  const server = createServer(app.callback()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const reader = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
  reader.on("error", () => {});
  reader.write("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  return {
    stream: await opened,
    reader,
    async [Symbol.asyncDispose]() {
      reader.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** An event of about 64 KiB. */
const large = (seq: number): Told => ({
  at: { epoch: "e", seq },
  type: "job.progress",
  job: { id: "x".repeat(64 * 1024) } as Job,
});

describe("a reader of an event stream", () => {
  it("is cut off when it leaves over 1 MiB waiting", async () => {
    await using unread = await openUnread();
    const { stream } = unread;
    const closed = new Promise<void>((resolve) => stream.onClose(resolve));
    let most = 0;

    // What the kernel holds between the two doesn't count: some MB.
    for (let seq = 1; seq < 1000 && !stream.body.destroyed; seq += 1) {
      stream.tell(large(seq));
      most = Math.max(most, stream.body.writableLength);
      await new Promise(setImmediate);
    }
    await closed;

    expect(stream.body.destroyed).toBe(true);
    expect(most).toBeGreaterThan(512 * 1024);
    expect(most).toBeLessThan(1.5 * 1024 * 1024);
  });

  it("that doesn't read the rest holds the end of the stream up for 5 s at most", async () => {
    await using unread = await openUnread();
    const { stream } = unread;
    for (let seq = 1; seq < 1000 && stream.body.writableLength === 0; seq += 1) {
      stream.tell(large(seq));
      await new Promise(setImmediate);
    }
    const closed = new Promise<void>((resolve) => stream.onClose(resolve));
    const endedAt = Date.now();

    stream.end();
    await closed;

    expect(Date.now() - endedAt).toBeLessThan(6000);
  });
});
