import { describe, expect, it } from "@jest/globals";
import { readRange } from "../../server/http/ranges.ts";

describe("a range of 10 bytes", () => {
  it.each([
    ["bytes=0-3", { start: 0, end: 4 }],
    ["bytes=4-", { start: 4, end: 10 }],
    ["Bytes= 9-99 ", { start: 9, end: 10 }],
    ["bytes=-3", { start: 7, end: 10 }],
    ["bytes=-99", { start: 0, end: 10 }],
    ["bytes=0-0", { start: 0, end: 1 }],
    ["", "whole"],
    ["lines=1-2", "whole"],
    ["bytes=0-1,4-5", "whole"],
    ["bytes=10-", "none"],
    ["bytes=5-4", "none"],
    ["bytes=-0", "none"],
    ["bytes=-", "none"],
    ["bytes=a-b", "none"],
    [`bytes=${"9".repeat(400)}-`, "none"],
  ])("%j is %j", (header, range) => {
    expect(readRange(header, 10)).toEqual(range);
  });

  it("of nothing doesn't exist", () => {
    expect(readRange("bytes=0-", 0)).toBe("none");
  });
});
