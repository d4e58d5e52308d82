import { describe, expect, it } from "@jest/globals";
import { parseFile } from "../../support/parse-file.ts";
import { mebibyte } from "../../support/peculiar-file.ts";

const rawOf = async (...rows: (string | Uint8Array)[]) => {
  const file = Buffer.concat([Buffer.from("a,b\n1,x\n"), ...rows.map((row) => Buffer.from(row))]);
  const { rejects } = await parseFile(file, "csv");
  return rejects.map(({ raw }) => raw);
};

describe("the raw text of a rejected row", () => {
  it("lacks the line end and has U+FFFD for bad bytes, NULs as they are", async () => {
    const raw = await rawOf("1\r\n", Buffer.of(0x31, 0x2c, 0xff, 0xfe, 0x0a), "2,\0\n", "3\r");

    expect(raw).toEqual(["1", "1,\uFFFD\uFFFD", "2,\0", "3\r"]);
  });

  it("holds all lines of a row, or the first of a quote that stays open", async () => {
    const raw = await rawOf('"1\r\n2",3,4\n', '"5\n6"7\r\n', '8,"\r\n9\n');

    expect(raw).toEqual(['"1\r\n2",3,4', '"5\n6"7', '8,"', "9"]);
  });

  it.each([
    ["letters", "x".repeat(5_000), "x".repeat(4_096)],
    ["CJK", "語".repeat(5_000), "語".repeat(4_096)],
    ["pairs", `x${"😀".repeat(5_000)}`, `x${"😀".repeat(2_047)}`],
    ["a row of 2 MiB", "x".repeat(2 * mebibyte), "x".repeat(4_096)],
    ["a quoted cell of 2 MiB", `"${"x".repeat(2 * mebibyte)}`, `"${"x".repeat(4_095)}`],
  ])("is cut at 4,096 characters, never inside a pair (%s)", async (_name, row, expected) => {
    expect(await rawOf(`${row}\n`)).toEqual([expected]);
  });

  it("comes with a message that a person can read", async () => {
    const { rejects } = await parseFile(Buffer.from('a,b\n1\n1,2,3\n"1"2,3\n'), "csv");

    expect(rejects.map(({ message }) => message)).toEqual([
      "1 cell instead of 2",
      "3 cells instead of 2",
      "Text follows a closing quote",
    ]);
  });
});
