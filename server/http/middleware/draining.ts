import type { Context, Next } from "../context.ts";

/** A node that is going away closes each connection with its answer: the next request goes elsewhere. */
export const closeWhileDraining =
  (isDraining: () => boolean) =>
  async (ctx: Context, next: Next): Promise<void> => {
    await next();
    if (isDraining()) ctx.set("Connection", "close");
  };
