import { randomBytes } from "node:crypto";
import type { SignedIn } from "../../../protocol/auth.ts";
import { goodPassword } from "../../support/client.ts";
import type { World } from "./world.ts";

/** A new account whose refresh token travels as a cookie: as it is sent back, and as it was set. */
export async function registerByCookie(world: World) {
  const email = `${randomBytes(6).toString("hex")}@example.com`;
  const body = { email, password: goodPassword, refresh: "cookie" };
  const answer = await world.post<SignedIn>("/api/v1/auth/register", body);
  const [set = ""] = answer.headers.getSetCookie();
  return { cookie: set.split(";")[0] ?? "", set, signedIn: answer.body };
}
