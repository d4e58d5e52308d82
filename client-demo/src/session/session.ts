import type { TokenSource } from "../../../client/renew.ts";
import type { SignedIn, User } from "../../../protocol/auth.ts";
import type { ErrorCode } from "../../../protocol/errors.ts";
import { ApiProblem, logOut } from "../api.ts";
import { createStore } from "../store.ts";
import { complain } from "../ui/notices.tsx";
import { askForTokens, forgetToken, isFresh, keepToken, readToken } from "./access.ts";
import { type Note, readNote, watchNote, writeNote } from "./note.ts";

type Someone = Pick<User, "id" | "email" | "name">;
/** `token` is always the newest: it is to be read when it is needed, not to be kept. */
export type Session = { readonly token: string; user: Someone };

/**
 * `farewell`: why the last session ended, where the person didn't end it here. `isOpening`: somebody was
 * signed in when this window opened; whether they still are is being asked.
 */
type State = { session: Session | null; farewell: string | null; isOpening: boolean };

export const sessionStore = createStore<State>({
  session: null,
  farewell: null,
  isOpening: readNote()?.userId !== undefined,
});

/** Takes up what a sign-in or a refresh gave. */
export const signIn = (answer: SignedIn) => {
  keepToken(answer, () => void renewQuietly());
  const { user } = answer;
  if (readNote()?.userId !== user.id) writeNote({ userId: user.id });
  const session: Session = {
    user,
    get token() {
      return readToken();
    },
  };
  sessionStore.change((now) =>
    now.session?.user.id === user.id ? now : { session, farewell: null, isOpening: false },
  );
};

/** Forgets the session here and in the other windows, which say `elsewhere`. */
const leave = (farewell: string | null, elsewhere: string) => {
  const { session, isOpening } = sessionStore.read();
  if (!session && !isOpening) return;
  forgetToken();
  if (readNote()?.userId) writeNote({ farewell: elsewhere });
  sessionStore.change(() => ({ session: null, farewell, isOpening: false }));
};

/** Ends the session, here and on the server. */
export const signOut = () => {
  const token = readToken();
  leave(null, "You signed out in another window.");
  logOut(token).catch(() =>
    complain("The server could not be told that you signed out. Sign in and out again later."),
  );
};

/** Takes note that the server won't have this session any more. */
export const endSession = (code: ErrorCode) => {
  // Another window may have said why.
  const words = readNote()?.farewell ?? describeFarewell(code);
  leave(words, words);
};

/** The next access token; null once the session has ended. Throws what another try may mend. */
const renew = async (): Promise<string | null> => {
  const before = sessionStore.read();
  try {
    const answer = await askForTokens();
    // Signed out, or in as somebody else, while it was on its way.
    if (sessionStore.read() !== before) return readToken() || null;
    signIn(answer);
    return answer.accessToken;
  } catch (error) {
    const code = error instanceof ApiProblem ? error.code : null;
    if (code === null || !final.includes(code)) throw error;
    endSession(code as ErrorCode);
    return null;
  }
};

const final: readonly string[] = ["unauthorized", "token_reused", "session_revoked", "forbidden"];

const renewQuietly = () => renew().catch(() => {});

/** Goes on with the session that the browser has kept, as soon as the server can be asked for it. */
export const openSession = async () => {
  while (sessionStore.read().isOpening) {
    await renewQuietly();
    if (!sessionStore.read().isOpening) return;
    await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 1_500));
  }
};

/** Tokens for one connection: none that it had already when it is to be renewed. */
export const createTokenSource = (): TokenSource => {
  let given: string | null = null;
  return async (occasion) => {
    const isUsed = occasion === "renew" && readToken() === given;
    given = isFresh() && !isUsed ? readToken() : await renew();
    return given;
  };
};

/** Keeps this window in step with the others: signing in or out in one does so in all. */
export const watchOtherWindows = () =>
  watchNote((note: Note | null) => {
    const { session } = sessionStore.read();
    if (!note?.userId) return leave(note?.farewell ?? null, "");
    if (session?.user.id === note.userId) return;
    // The cookie is theirs now.
    sessionStore.change(() => ({ session: null, farewell: null, isOpening: true }));
    void openSession();
  });

/** Why the server won't have a session any more, in words. */
const describeFarewell = (code: ErrorCode): string => {
  if (code === "session_revoked") return "You were signed out from another device.";
  if (code === "token_reused")
    return "You were signed out to be safe: your session was used in two places. Sign in again.";
  return "Your session is no longer valid. Sign in again.";
};
