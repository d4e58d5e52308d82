import { hash, verify } from "@node-rs/argon2";
import { invalid } from "../input.ts";

/** A hash of nothing anybody knows, so that an unknown email costs the time of a wrong password. */
const nobody = hash(crypto.randomUUID());

/** argon2id with the library's defaults, which are OWASP's: 19 MiB, 2 passes, 1 lane. */
export const hashPassword = (password: string): Promise<string> => hash(password);

/** Takes the same time whether or not there is a hash to compare with. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await nobody), password.normalize("NFC"));
  return passwordHash !== null && matches;
}

const stems = [
  "password",
  "passwort",
  "passphrase",
  "qwertyuiop",
  "qwertzuiop",
  "asdfghjkl",
  "letmein",
  "iloveyou",
  "welcome",
  "trustno1",
  "changeme",
  "administrator",
  "sluice",
  "correcthorsebatterystaple",
];

/** Refuses what is guessed first: common words repeated or padded with digits, runs, the email itself. */
export function refuseCommonPassword(password: string, email: string): void {
  const plain = password.toLowerCase().replace(/[^a-z0-9]/g, "");
  const words = [...stems, email.toLowerCase().split("@")[0] ?? "", email.toLowerCase()];
  const rest = words
    .map((word) => word.replace(/[^a-z0-9]/g, ""))
    .filter((word) => word.length >= 4)
    .reduce((left, word) => left.replaceAll(word, ""), plain);
  const hasOwnPart = /[^a-z0-9\s]/i.test(password) && [...new Set(password)].length >= 8;
  const isPadded = rest !== plain && /^\d{0,8}$/.test(rest) && rest.length < plain.length;
  if (isPadded || [...new Set(password)].length < 5 || (!hasOwnPart && isRun(plain))) {
    throw invalid([{ path: "password", message: "is among the passwords that are guessed first" }]);
  }
}

/** Whether each character follows the one before it (`abcdef`, `987654`), with few breaks. */
function isRun(text: string): boolean {
  let steps = 0;
  for (let i = 1; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    if (Math.abs(step) <= 1 || Math.abs(step) === 9) steps += 1;
  }
  return text.length > 0 && steps >= (text.length - 1) * 0.8;
}
