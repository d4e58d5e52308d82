import { z } from "zod";
import { id, time } from "./common.ts";

const email = z
  .string()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/u, "is not an email address");

/** Counted in code points after NFC, as NIST SP 800-63B section 3.1.1.2 asks. */
const newPassword = z
  .string()
  .transform((text) => text.normalize("NFC"))
  .refine((text) => [...text].length >= 15, "needs 15 characters or more")
  .refine((text) => [...text].length <= 128, "may have 128 characters at most");

const characters = (most: number) =>
  z
    .string()
    .min(1)
    .refine((text) => [...text].length <= most, `may have ${most} characters at most`);

/** How the refresh token travels: in the answer's body, or as a cookie that no script can read. */
const refresh = z.enum(["body", "cookie"]).default("body");

export const registerBody = z.strictObject({
  email,
  password: newPassword,
  name: characters(100).optional(),
  refresh,
});

export const loginBody = z.strictObject({
  email: z
    .string()
    .max(254)
    .refine((text) => text === text.trim(), "has blanks around it"),
  password: z.string().max(1024),
  refresh,
});

/** Without a token in it the cookie counts. */
export const refreshBody = z.strictObject({ refreshToken: z.string().max(1024).optional() });

export const passwordBody = z.strictObject({
  current: z.string().max(1024),
  next: newPassword,
});

export const user = z.object({
  id,
  email: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  createdAt: time,
});

export const signedIn = z.object({
  accessToken: z.string(),
  tokenType: z.literal("Bearer"),
  /** seconds */
  expiresIn: z.number(),
  /** left out where it travels as a cookie */
  refreshToken: z.string().optional(),
  user,
});

export const sessionView = z.object({
  id,
  createdAt: time,
  lastUsedAt: time,
  userAgent: z.string(),
  ip: z.string(),
  /** whether it is the one that asks */
  current: z.boolean(),
});

export const sessionList = z.object({ items: z.array(sessionView) });

/** A fresh access token of the same session, for an open connection. */
export const renewRequest = z.strictObject({ token: z.string().max(4096) });

export type User = z.infer<typeof user>;
export type SignedIn = z.infer<typeof signedIn>;
export type SessionView = z.infer<typeof sessionView>;
export type SessionList = z.infer<typeof sessionList>;
