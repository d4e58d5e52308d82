import { describe, expect, it } from "@jest/globals";
import { registerBody } from "../../protocol/auth.ts";
import { createPasswordHashes } from "../../server/auth/password-hashes.ts";
import { refuseCommonPassword } from "../../server/auth/passwords.ts";

const hashes = createPasswordHashes();

const isRefused = (password: string, email = "ann.smith@example.com"): boolean => {
  try {
    refuseCommonPassword(password, email);
    return false;
  } catch {
    return true;
  }
};
const fits = (password: string): boolean =>
  registerBody.safeParse({ email: "a@b", password }).success;

describe("a new password", () => {
  it.each([
    "passwordpassword",
    "Password12345678",
    "sluice sluice sluice",
    "Sluice2026Sluice",
    "qwertyuiopqwerty",
    "aaaaaaaaaaaaaaaa",
    "abababababababab",
    "1234567890123456",
    "abcdefghijklmnop",
    "ann.smith@example.com",
    "annsmith annsmith 1",
    "correct horse battery staple",
    "iloveyouiloveyou1",
  ])("that is guessed first is refused: %s", (password) => {
    expect(isRefused(password)).toBe(true);
  });

  it.each([
    "green teapots sing at dawn",
    "my password is a long sentence",
    "Zäune 😀 und blaue Türen, sehr viele Türen und noch mehr davon",
    "k3Vq9zR1mW7xT5bN",
    "839201847562910",
    "пятнадцать синих дверей",
  ])("of one's own is taken: %s", (password) => {
    expect(isRefused(password)).toBe(false);
    expect(fits(password)).toBe(true);
  });

  it("has 15 to 128 code points after normalisation", () => {
    const decomposed = "a\u0308".repeat(15);

    expect([fits("😀".repeat(14)), fits("😀".repeat(15)), fits(decomposed)]).toEqual([
      false,
      true,
      true,
    ]);
    expect([fits("x".repeat(128)), fits("x".repeat(129))]).toEqual([true, false]);
  });
});

describe("checking a password", () => {
  it("accepts it in either normal form and refuses others", async () => {
    const hash = await hashes.hash("fünf blaue Türen".normalize("NFC"));

    expect(hash).toMatch(/^\$argon2id\$/);
    expect(await hashes.matches("fünf blaue Türen".normalize("NFD"), hash)).toBe(true);
    expect(await hashes.matches("fünf blaue Tore", hash)).toBe(false);
  });

  it("refuses everything where there is no account", async () => {
    expect(await hashes.matches("fünf blaue Türen", null)).toBe(false);
  });
});
