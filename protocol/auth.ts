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

export const registerBody = z.strictObject({
  email,
  password: newPassword,
  name: characters(100).optional(),
});

export const loginBody = z.strictObject({
  email: z
    .string()
    .max(254)
    .refine((text) => text === text.trim(), "has blanks around it"),
  password: z.string().max(1024),
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
  user,
});

export type User = z.infer<typeof user>;
export type SignedIn = z.infer<typeof signedIn>;
