import { invalid } from "../input.ts";

const guessedFirst = [
  "password",
  "passwort",
  "passphrase",
  "qwertyuiop",
  "qwertzuiop",
  "qwerty",
  "asdfghjkl",
  "letmein",
  "iloveyou",
  "welcome",
  "trustno1",
  "changeme",
  "administrator",
  "admin",
  "sluice",
  "correcthorsebatterystaple",
  "passw0rd",
  "pssw0rd",
  "forever",
  "thisisa",
  "thisismy",
  // Walks over the keyboard, in the pieces that people put together.
  "qwerty",
  "asdfgh",
  "zxcvbnm",
  "1qaz",
  "2wsx",
  "3edc",
  "4rfv",
  "5tgb",
  "6yhn",
  "1qazxsw2",
  "3edcvfr4",
  "zaq1",
  "xsw2",
  "cde3",
  "vfr4",
  "1q2w3e4r",
  "5t6y7u8i",
  "q1w2e3r4",
  "t5y6u7i8",
];

/** What of a password may be left besides common words and digits before it counts as one's own. */
const fewestOwn = 4;
const fewestDifferent = 5;

/** Refuses what is guessed first: common words and the email, repeated or padded, and plain runs. */
export function refuseCommonPassword(password: string, email: string, path = "password"): void {
  const words = [...guessedFirst, ...email.split("@"), email].map(toPlain).filter(Boolean);
  const longestFirst = words.filter((word) => word.length >= 4).sort((a, b) => b.length - a.length);
  const plain = toPlain(password);
  const rest = longestFirst.reduce((left, word) => left.replaceAll(word, ""), plain);
  const own = rest === plain ? plain : rest.replace(/\d/g, "");
  const isWords = plain.length >= password.length / 2 && own.length < fewestOwn;
  if (isWords || isRun(plain) || new Set(password).size < fewestDifferent) {
    throw invalid([{ path, message: "is among the passwords that are guessed first" }]);
  }
}

const toPlain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");

/** Whether nearly each character follows the one before it (`abcdef`, `987654`). */
function isRun(text: string): boolean {
  let steps = 0;
  for (let i = 1; i < text.length; i++) {
    if (Math.abs(text.charCodeAt(i) - text.charCodeAt(i - 1)) <= 1) steps += 1;
  }
  return text.length > 8 && steps >= (text.length - 1) * 0.8;
}
