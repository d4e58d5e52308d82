import type { User } from "../../../protocol/auth.ts";
import type { ErrorCode } from "../../../protocol/errors.ts";
import { createStore } from "../store.ts";

export type Session = { token: string; user: Pick<User, "id" | "email" | "name"> };

/** `farewell`: why the last session ended, where the person didn't end it here. */
type State = { session: Session | null; farewell: string | null };

const key = "sluice.session";

const load = (): Session | null => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
};

export const sessionStore = createStore<State>({ session: load(), farewell: null });

export const signIn = (session: Session) => {
  localStorage.setItem(key, JSON.stringify(session));
  sessionStore.change(() => ({ session, farewell: null }));
};

export const signOut = (farewell: string | null = null) => {
  localStorage.removeItem(key);
  sessionStore.change(() => ({ session: null, farewell }));
};

/** Keeps this window in step with the others: signing in or out in one does so in all. */
export const watchOtherWindows = () =>
  addEventListener("storage", (event) => {
    if (event.key !== key && event.key !== null) return;
    const session = load();
    const farewell = session ? null : "You signed out in another window.";
    sessionStore.change((now) =>
      now.session?.token === session?.token ? now : { session, farewell },
    );
  });

/** Why the server won't have a session any more, in words. */
export const describeFarewell = (code: ErrorCode): string => {
  if (code === "session_revoked") return "You were signed out from another device.";
  if (code === "token_expired")
    return "You were signed in for as long as that lasts. Sign in again.";
  return "Your session is no longer valid. Sign in again.";
};
