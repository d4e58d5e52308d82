import { addressOf } from "../../infrastructure/address.ts";
import type { Context, Next } from "../context.ts";

type Options = { proxyHops: number; bodySeconds: number };

/** Finds out where a request comes from, and how long its body may take. */
export const receive =
  ({ proxyHops, bodySeconds }: Options) =>
  async (ctx: Context, next: Next): Promise<void> => {
    ctx.request.ip = addressOf(ctx.req, proxyHops);
    ctx.state.bodyMs = bodySeconds * 1000;
    await next();
    if (isUnread(ctx)) refuseTheRest(ctx);
  };

/** How long a caller that still sends may take to read the answer before the connection ends. */
const lingerMs = 1000;

function isUnread({ req }: Context): boolean {
  const hasBody = "transfer-encoding" in req.headers || Number(req.headers["content-length"]) > 0;
  return hasBody && !req.complete;
}

/** A body that nobody wants isn't read to its end, however slowly it comes: the connection closes. */
function refuseTheRest(ctx: Context): void {
  ctx.set("Connection", "close");
  ctx.res.once("finish", () => {
    const { socket } = ctx.req;
    setTimeout(() => socket.destroy(), lingerMs).unref();
  });
}
