import { z } from "zod";

/** 128 random bits as base64url. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{22}$/, "is not an id");

/** ISO 8601 in UTC with milliseconds. */
export const time = z.iso.datetime({ precision: 3 });

export const emptyQuery = z.strictObject({});
