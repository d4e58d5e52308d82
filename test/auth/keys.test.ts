import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { readSigningKeys } from "../../server/auth/keys.ts";

const pem = (namedCurve: string) =>
  generateKeyPairSync("ec", { namedCurve })
    .privateKey.export({ type: "sec1", format: "pem" })
    .toString();
const good = pem("P-256");

describe("the signing keys", () => {
  it("are read one after another, whatever stands between them", () => {
    const parameters =
      "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----";

    const keys = readSigningKeys(`a note\n${parameters}\n${good}\r\n${pem("P-256")}`);

    expect(keys).toHaveLength(2);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2);
  });

  it.each([
    ["none", "a key", "JWT_PRIVATE_KEYS: holds no private key"],
    ["another curve", `${good}${pem("P-384")}`, "JWT_PRIVATE_KEYS: key 2 is none of P-256"],
    [
      "a damaged one",
      good.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA"),
      "JWT_PRIVATE_KEYS: key 1 can't be read",
    ],
  ])("are refused by their number when there is %s", (_what, text, words) => {
    expect(() => readSigningKeys(text)).toThrow(words);
  });
});
