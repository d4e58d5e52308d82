import { PassThrough } from "node:stream";
import type { LogPosition } from "../infrastructure/channel-log.ts";
import type { Sink, Told } from "../realtime/job-follower.ts";
import type { Context } from "./context.ts";

/** Keeps proxies from taking a silent stream for a dead one. */
const heartbeatMs = 15_000;
const mostWaitingBytes = 1024 * 1024;
/** How long a reader may take for what is left once the stream has ended. */
const lingerMs = 5000;

/**
 * An answer of `text/event-stream` (WHATWG HTML, "Server-sent events"). A reader for whom over 1 MiB waits is
 * cut off; it comes back and resumes.
 */
export function createEventStream(ctx: Context): Sink & { body: PassThrough } {
  const body = new PassThrough();
  body.on("error", () => {});
  ctx.res.once("close", () => body.destroy());

  function write(text: string): void {
    if (body.writableEnded || body.destroyed) return;
    body.write(text);
    if (body.writableLength > mostWaitingBytes) body.destroy();
  }

  // When a node ends, its readers don't all come back at once.
  write(`retry: ${Math.round(500 + Math.random() * 1500)}\n\n`);
  const heartbeat = setInterval(() => write(":\n\n"), heartbeatMs);
  let linger: NodeJS.Timeout | undefined;
  body.once("close", () => {
    clearInterval(heartbeat);
    clearTimeout(linger);
  });

  return {
    body,
    tell: (told) => write(formatEvent(told)),
    end(why) {
      if (body.writableEnded || body.destroyed) return;
      if (why) write(`: ${why}\n\n`);
      body.end();
      linger = setTimeout(() => body.destroy(), lingerMs);
    },
    cut: () => body.destroy(),
    onClose(listener) {
      if (body.closed) listener();
      else body.once("close", listener);
    },
  };
}

/** JSON has no line ends of its own: one line of data. */
const formatEvent = ({ at: { epoch, seq }, type, job }: Told): string =>
  `id: ${epoch}:${seq}\nevent: ${type}\ndata: ${JSON.stringify(job)}\n\n`;

/** The position that a reader has come to; an id that isn't ours is as good as none. */
export function readLastEventId(ctx: Context): LogPosition | undefined {
  const [, epoch, seq] = /^([\w-]{1,64}):(\d{1,15})$/.exec(ctx.get("Last-Event-ID")) ?? [];
  return epoch && seq ? { epoch, seq: Number(seq) } : undefined;
}
