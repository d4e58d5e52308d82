import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createCursors } from "../../server/infrastructure/cursor.ts";

const cursors = createCursors("a secret of at least thirty-two bytes");
const position = fc.array(fc.oneof(fc.integer(), fc.string()), { maxLength: 3 });
const direction = fc.constantFrom("next" as const, "previous" as const);

describe("a cursor", () => {
  it("gives back the position it was made for", () => {
    fc.assert(
      fc.property(fc.string(), direction, position, (scope, way, at) => {
        const cursor = cursors.encode(scope, way, at);

        expect(cursors.decode(scope, cursor)).toEqual({ direction: way, position: at });
      }),
    );
  });

  it("is refused in every other scope", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), position, (scope, other, at) => {
        fc.pre(scope !== other);
        const cursor = cursors.encode(scope, "next", at);

        expect(() => cursors.decode(other, cursor)).toThrow(
          expect.objectContaining({ code: "cursor_invalid" }),
        );
      }),
    );
  });

  it("is refused when any character of it was changed, removed or added", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. ";
    const cursor = cursors.encode("scope", "next", [1234567, "row"]);
    const altered = [...cursor].flatMap((character, at) => [
      `${cursor.slice(0, at)}${cursor.slice(at + 1)}`,
      ...[...alphabet]
        .filter((other) => other !== character)
        .map((other) => `${cursor.slice(0, at)}${other}${cursor.slice(at + 1)}`),
    ]);
    altered.push(`${cursor}A`, `${cursor}=`, "", "A");

    const accepted = altered.filter((text) => {
      try {
        cursors.decode("scope", text);
        return true;
      } catch {
        return false;
      }
    });

    expect(altered.length).toBeGreaterThan(1000);
    expect(accepted).toEqual([]);
  });

  it("of another secret is refused", () => {
    const foreign = createCursors("some other secret of thirty-two bytes");

    expect(() => cursors.decode("scope", foreign.encode("scope", "next", [1]))).toThrow();
  });
});
