import { randomBytes } from "node:crypto";
import type { SignedIn } from "../../../protocol/auth.ts";
import { sidOf } from "../../flows/support/sessions.ts";
import { goodPassword } from "../../support/client.ts";
import type { World } from "./world.ts";

export const newEmail = () => `${randomBytes(6).toString("hex")}@example.com`;

/** Another session of somebody's. */
export async function signIn(world: World, email: string, password = goodPassword) {
  const { status, body } = await world.post<SignedIn>("/api/v1/auth/login", { email, password });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return { token: body.accessToken, refreshToken: body.refreshToken ?? "", sid: sidOf(body) };
}

export const refresh = (world: World, refreshToken: string) =>
  world.post<SignedIn>("/api/v1/auth/refresh", { refreshToken });

export const register = (world: World, password: string) =>
  world.post("/api/v1/auth/register", { email: newEmail(), password });
