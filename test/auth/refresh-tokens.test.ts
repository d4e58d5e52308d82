import { describe, expect, it } from "@jest/globals";
import { createRefreshTokens } from "../../server/auth/refresh-tokens.ts";
import { createId } from "../../server/infrastructure/ids.ts";

const tokens = createRefreshTokens("a secret of thirty-two bytes or so");

describe("a refresh token", () => {
  it("names its session and always leads to the same successor, which leads on", () => {
    const sessionId = createId();
    const first = tokens.create(sessionId);

    const opened = tokens.open(first.text);
    const next = tokens.open(opened.successor.text);

    expect(opened).toMatchObject({ sessionId, hash: first.hash });
    expect(tokens.open(first.text)).toEqual(opened);
    expect(next).toMatchObject({ sessionId, hash: opened.successor.hash });
    const all = [first.text, opened.successor.text, next.successor.text];
    expect(new Set(all).size).toBe(3);
    expect(tokens.create(sessionId).text).not.toBe(first.text);
  });

  it("is refused with any of its characters changed", () => {
    const { text } = tokens.create(createId());

    const changed = Array.from(text, (char, at) => {
      const other = char === "A" ? "B" : "A";
      return text.slice(0, at) + other + text.slice(at + 1);
    });

    for (const token of changed) expect(() => tokens.open(token)).toThrow("Sign in first");
  });

  it.each([
    ["nothing", ""],
    ["a part of one", tokens.create(createId()).text.slice(0, 60)],
    ["more than one", `${tokens.create(createId()).text}AA`],
    ["one under another secret", createRefreshTokens("another").create(createId()).text],
    ["another spelling", `${tokens.create(createId()).text}=`],
  ])("is refused when it is %s", (_what, token) => {
    expect(() => tokens.open(token)).toThrow("Sign in first");
  });
});
