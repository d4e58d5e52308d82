import { randomBytes } from "node:crypto";

/** 128 random bits as base64url, 22 characters. */
export const createId = (): string => randomBytes(16).toString("base64url");
