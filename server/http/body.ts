import getRawBody from "raw-body";
import type { z } from "zod";
import { AppError } from "../errors.ts";
import { within } from "../infrastructure/deadline.ts";
import { invalid, parseInput } from "../input.ts";
import type { Context } from "./context.ts";

/** Reads a JSON body of at most `limit` bytes and parses it with `schema`. */
export async function readJson<T extends z.ZodType>(
  ctx: Context,
  schema: T,
  limit: number,
): Promise<z.output<T>> {
  return parseInput(schema, await readRawJson(ctx, limit));
}

/** As `readJson`, for calls whose body may be left out: nothing counts as `{}`. */
export async function readOptionalJson<T extends z.ZodType>(
  ctx: Context,
  schema: T,
  limit: number,
): Promise<z.output<T>> {
  const isEmpty = !ctx.get("Transfer-Encoding") && Number(ctx.get("Content-Length")) === 0;
  return parseInput(schema, isEmpty ? {} : await readRawJson(ctx, limit));
}

async function readRawJson(ctx: Context, limit: number): Promise<unknown> {
  if (!ctx.is("application/json")) {
    throw new AppError("unsupported_media_type", "Send JSON as application/json.");
  }
  const length = ctx.get("Content-Length") || null;
  const arriving = getRawBody(ctx.req, { limit, length }).catch(explain);
  const bytes = await within(ctx.state.bodyMs, arriving, tooSlow);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError("bad_request", "The body is not JSON in UTF-8.", { cause });
  }
}

const tooSlow = () => new AppError("request_timeout", "The body came too slowly.");

function explain(cause: unknown): never {
  const type = cause instanceof Error && "type" in cause ? cause.type : undefined;
  if (type === "entity.too.large") throw new AppError("payload_too_large", undefined, { cause });
  throw new AppError("bad_request", "The body broke off.", { cause });
}

const jsonKeys = ["options", "sort", "filter"];

/** Parses the query string: `limit` is a number, some keys are JSON, nothing may stand twice. */
export function readQuery<T extends z.ZodType>(ctx: Context, schema: T): z.output<T> {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(ctx.query)) {
    if (typeof value !== "string") throw invalid([{ path: key, message: "stands there twice" }]);
    fields[key] = decodeField(key, value);
  }
  return parseInput(schema, fields);
}

/** The value of a query parameter or of a form's field. */
export function decodeField(key: string, value: string): unknown {
  if (key === "limit") return /^-?\d{1,30}$/.test(value) ? Number(value) : value;
  if (!jsonKeys.includes(key)) return value;
  try {
    return JSON.parse(value);
  } catch {
    throw invalid([{ path: key, message: "is not JSON" }]);
  }
}
