import type { SignedIn } from "../../../protocol/auth.ts";
import { refreshTokens } from "../api.ts";

/** The access token, in this window's memory alone. `renewAt` in ms. */
let access: { token: string; renewAt: number } | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let renewal: Promise<SignedIn> | null = null;

export const readToken = (): string => access?.token ?? "";
/** Whether it is good for a while. */
export const isFresh = (): boolean => access !== null && Date.now() < access.renewAt;

/** Takes a new token up; `onStale` is called when it is time for the next. */
export const keepToken = ({ accessToken, expiresIn }: SignedIn, onStale: () => void) => {
  const life = (expiresIn * 1_000 * 2) / 3;
  access = { token: accessToken, renewAt: Date.now() + life };
  clearTimeout(timer);
  timer = setTimeout(onStale, Math.min(life, 2 ** 31 - 1));
};

export const forgetToken = () => {
  access = null;
  clearTimeout(timer);
};

/**
 * Windows take turns where the browser lets them (not on plain HTTP): answers that overtake each other
 * would leave an older cookie behind.
 */
const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
  "locks" in navigator ? navigator.locks.request("sluice.refresh", work) : work();

/** Asks for the next pair of tokens, once for all who ask meanwhile. */
export const askForTokens = (): Promise<SignedIn> => {
  renewal ??= inTurn(refreshTokens).finally(() => {
    renewal = null;
  });
  return renewal;
};
