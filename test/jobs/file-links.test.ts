import { describe, expect, it } from "@jest/globals";
import { createFileLinks } from "../../server/jobs/file-links.ts";

const expiresAt = new Date("2030-01-01T00:00:00.999Z");
const create = (secret: string, publicUrl = "") => createFileLinks({ secret, publicUrl });
const read = (url: string) => Object.fromEntries(new URL(url, "http://x").searchParams);

describe("a link to a file", () => {
  it("is a path, or below the public URL", () => {
    const path = create("secret").toUrl("id", expiresAt);
    const absolute = create("secret", "https://sluice.example").toUrl("id", expiresAt);

    expect(path).toMatch(/^\/api\/v1\/files\/id\?expires=1893456000&signature=[\w-]{43}$/);
    expect(absolute).toBe(`https://sluice.example${path}`);
  });

  it("is genuine for one file, one time and one secret", () => {
    const links = create("secret");
    const { expires = "", signature = "" } = read(links.toUrl("id", expiresAt));

    expect(links.isGenuine("id", expires, signature)).toBe(true);
    expect(links.isGenuine("other", expires, signature)).toBe(false);
    expect(create("another").isGenuine("id", expires, signature)).toBe(false);
    for (const time of ["1893456001", "", "1893456000.0", " 1893456000", "01893456000"]) {
      expect([time, links.isGenuine("id", time, signature)]).toEqual([time, false]);
    }
    for (const text of ["", `${signature}A`, signature.slice(1), "é".repeat(43)]) {
      expect([text, links.isGenuine("id", expires, text)]).toEqual([text, false]);
    }
  });
});
