import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import type { Context, Next } from "./context.ts";

type File = { bytes: Buffer; type: string; etag: string };

/** Sockets go to the page's own host alone; not every browser takes 'self' for them. */
const policyFor = (host: string) => {
  const sockets = /^[\w.:[\]-]{1,255}$/.test(host) ? ` ws://${host} wss://${host}` : "";
  return [
    "default-src 'self'",
    `connect-src 'self'${sockets}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
};

/** Serves the built page from memory: what wasn't there at the start can't be asked for. */
export function servePage(folder: string) {
  const files = readFiles(folder);
  return async (ctx: Context, next: Next) => {
    const file = files.get(ctx.path === "/" ? "/index.html" : ctx.path);
    if (!file || (ctx.method !== "GET" && ctx.method !== "HEAD")) return next();
    const isHashed = ctx.path.startsWith("/assets/");
    ctx.set("Cache-Control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    ctx.set("Content-Security-Policy", policyFor(ctx.get("Host")));
    ctx.etag = file.etag;
    ctx.status = 200;
    ctx.type = file.type;
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = file.bytes;
  };
}

function readFiles(folder: string): Map<string, File> {
  const files = new Map<string, File>();
  for (const entry of listFolder(folder)) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const etag = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
    files.set(`/${relative(folder, path).split(sep).join("/")}`, {
      bytes,
      type: extname(path),
      etag,
    });
  }
  return files;
}

/** A node whose page isn't built serves the interface alone. */
function listFolder(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}
