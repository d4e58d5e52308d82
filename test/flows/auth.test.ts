import { describe, expect, it } from "@jest/globals";
import type { SignedIn } from "../../protocol/auth.ts";
import { signedIn } from "../../protocol/auth.ts";
import { call, goodPassword } from "../support/client.ts";
import { expectProblem, pathsOf, withoutId } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { claimsOf, randomId } from "./support/tokens.ts";

const cluster = shareCluster({ api: 1, workers: 0 });

const post = <T = SignedIn>(path: string, json: unknown) =>
  call<T>(cluster().url(), `/api/v1/auth/${path}`, { method: "POST", json });
const newEmail = () => `Ann.${randomId()}@example.com`;

describe("signing up and in", () => {
  it("gives an access token, which says who one is, at the sign-up and at every sign-in", async () => {
    const email = newEmail();

    const registered = await post("register", { email, password: goodPassword, name: "Ann" });
    const { status, body } = await post("login", { email, password: goodPassword });
    const me = await call(cluster().url(), "/api/v1/me", { token: body.accessToken });

    expect([registered.status, status, me.status]).toEqual([201, 200, 200]);
    for (const answer of [registered.body, body]) {
      expect(signedIn.strict().parse(answer)).toMatchObject({
        tokenType: "Bearer",
        expiresIn: 900,
        user: { email, name: "Ann", roles: ["user"] },
      });
    }
    expect(me.body).toEqual(body.user);
    expect(claimsOf(body.accessToken)).toMatchObject({ sub: body.user.id, roles: ["user"] });
    expect(claimsOf(body.accessToken).sid).not.toBe(claimsOf(registered.body.accessToken).sid);
  });

  it("knows an email in any case, and takes none twice", async () => {
    const email = newEmail();
    await post("register", { email, password: goodPassword });

    const again = await post("register", { email: email.toUpperCase(), password: goodPassword });
    const login = await post("login", { email: email.toUpperCase(), password: goodPassword });

    expectProblem(again, "conflict");
    expect(login.status).toBe(200);
    expect(login.body.user.email).toBe(email);
  });

  it("lets only one of many equal sign-ups through", async () => {
    const email = newEmail();
    const body = { email, password: goodPassword };

    const answers = await Promise.all(Array.from({ length: 5 }, () => post("register", body)));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it("answers an unknown email exactly as a wrong password", async () => {
    const email = newEmail();
    await post("register", { email, password: goodPassword });

    const wrong = await post("login", { email, password: `${goodPassword}!` });
    const unknown = await post("login", { email: newEmail(), password: goodPassword });

    expectProblem(wrong, "invalid_credentials");
    expect(withoutId(unknown.body)).toEqual(withoutId(wrong.body));
    const names = ({ headers }: typeof wrong) => [...headers.keys()];
    expect(names(unknown)).toEqual(names(wrong));
  });

  it.each([
    ["operators instead of texts", { email: { $gt: "" }, password: { $gt: "" } }],
    ["a list", { email: ["a@example.com"], password: goodPassword }],
    ["no password", { email: "a@example.com" }],
    ["an unknown key", { email: "a@example.com", password: goodPassword, roles: ["admin"] }],
    ["a NUL", { email: "a\0@example.com", password: goodPassword }],
    ["blanks around its email", { email: " a@example.com", password: goodPassword }],
  ])("refuses a sign-in with %s", async (_what, body) => {
    const answer = await post("login", body);

    expectProblem(answer, "validation_failed");
  });

  it.each([
    ["blanks around it", " ann@example.com"],
    ["a blank after it", "ann@example.com "],
    ["no @", "ann.example.com"],
    ["two @", "ann@b@example.com"],
    ["nothing before the @", "@example.com"],
    ["a line end", "ann@example.com\n"],
    ["255 characters", `${"a".repeat(243)}@example.com`],
  ])("refuses an email with %s", async (_what, email) => {
    const answer = await post("register", { email, password: goodPassword });

    expect(pathsOf(expectProblem(answer, "validation_failed"))).toEqual(["email"]);
  });

  it("stores nothing that a sign-up has no right to set", async () => {
    const email = newEmail();
    const grabs = ["roles", "_id", "__v", "passwordHash", "emailKey"];

    const answers = await Promise.all(
      grabs.map((key) => post("register", { email, password: goodPassword, [key]: "x" })),
    );

    for (const answer of answers) expectProblem(answer, "validation_failed");
    const users = cluster().mongo.collection("users");
    expect(await users.countDocuments({ email })).toBe(0);
  });

  it("writes a sign-in with line ends into its log as one line of JSON at most", async () => {
    const email = 'ann\r\n{"level":30,"event":"forged"}@example.com';

    await post("login", { email, password: goodPassword });
    await post("register", { email: newEmail(), password: goodPassword, name: email });

    const lines = cluster().api[0]?.output().trim().split("\n") ?? [];
    const events = lines.map((line) => JSON.parse(line).event);
    expect(events).toContain("ready");
    expect(events).not.toContain("forged");
  });
});
