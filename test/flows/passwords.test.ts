import { describe, expect, it } from "@jest/globals";
import type { SignedIn } from "../../protocol/auth.ts";
import { call, goodPassword } from "../support/client.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { randomId } from "./support/tokens.ts";

const cluster = shareCluster({ api: 1, workers: 0 });

const post = (path: string, json: unknown) =>
  call<SignedIn>(cluster().url(), `/api/v1/auth/${path}`, { method: "POST", json });
const register = (password: unknown, email = `${randomId()}@example.com`) =>
  post("register", { email, password });

describe("a new password", () => {
  it.each([
    ["one of 64 characters with blanks and emoji", `${"blau 🐘 läuft ".repeat(4)}weg 🐘 um`],
    ["one of 15 characters", "grau ist teurer"],
    ["one of 128 characters with emoji", "🐘 läuft!".repeat(16)],
    ["one with line ends and tabs", "tea\tpots\nsing\r\nloud"],
  ])("may be %s", async (_what, password) => {
    const email = `${randomId()}@example.com`;

    const registered = await register(password, email);
    const login = await post("login", { email, password });

    expect([registered.status, login.status]).toEqual([201, 200]);
  });

  it("is the same in each of its Unicode spellings", async () => {
    const email = `${randomId()}@example.com`;
    const password = "Zwölf Elefanten für Zoë";
    await register(password.normalize("NFD"), email);

    const logins = ["NFC", "NFD"].map((form) =>
      post("login", { email, password: password.normalize(form) }),
    );

    expect((await Promise.all(logins)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it("counts characters after they are put together", async () => {
    const answer = await register("u\u0308".repeat(7).concat("abcdefg"));

    expect(pathsOf(expectProblem(answer, "validation_failed"))).toEqual(["password"]);
  });

  it.each([
    ["too short, in letters", "fourteen chars"],
    ["too short, in emoji", "🐘🦒🐘🦒🐘🦒🐘🦒"],
    ["too long", "ab🐘 ".repeat(33)],
    ["with a NUL", `${goodPassword}\0`],
    ["with half a character", `${goodPassword}\ud83d`],
    ["that is a number", 123_456_789_012_345],
  ])("is refused when it is one %s", async (_what, password) => {
    const answer = await register(password);

    expect(pathsOf(expectProblem(answer, "validation_failed"))).toEqual(["password"]);
  });

  it.each([
    "passwordpassword",
    "Password1!Password1!",
    "P@ssw0rd12345678",
    "123456789012345",
    "aaaaaaaaaaaaaaaa",
    "abcdefghijklmnop",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv",
    "1q2w3e4r5t6y7u8i",
    "q1w2e3r4t5y6u7i8",
    "1qazxsw23edcvfr4",
    "zaq12wsxcde34rfv",
    "iloveyouforever",
    "thisisapassword",
    "correct horse battery staple",
    "Sluice-Sluice-2024",
  ])("is refused when everybody guesses it: %s", async (password) => {
    const problem = expectProblem(await register(password), "validation_failed");

    expect(pathsOf(problem)).toEqual(["password"]);
    expect(problem.detail).toMatch(/guessed/);
  });

  it("is refused when it is the email", async () => {
    const email = "penelope.cruikshank@example.com";

    const answers = await Promise.all([register(email, email), register(`${email}1`, email)]);

    for (const answer of answers) expectProblem(answer, "validation_failed");
  });

  it("is not hashed, nor looked at for long, when it is huge", async () => {
    const email = `${randomId()}@example.com`;

    const [big, bigger, login] = await Promise.all([
      register("é b".repeat(200_000 / 4)),
      register("a b".repeat(350_000)),
      post("login", { email, password: "a b".repeat(50_000) }),
    ]);

    expect(pathsOf(expectProblem(big, "validation_failed"))).toEqual(["password"]);
    expectProblem(bigger, "payload_too_large");
    expectProblem(login, "validation_failed");
  });
});
