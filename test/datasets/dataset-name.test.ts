import { describe, expect, it } from "@jest/globals";
import { datasetName } from "../../protocol/datasets.ts";
import { cleanFileName } from "../../server/datasets/dataset-name.ts";

describe("a dataset's name", () => {
  it.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\data\\x.csv", "x.csv"],
    ["/abs/file.csv", "file.csv"],
    ["a\u0000b\r\nc\u202e.csv", "abc.csv"],
    ["  spaces.csv ", "spaces.csv"],
    ["Übung 😀.csv", "Übung 😀.csv"],
    ["folder/", "Untitled"],
    ["", "Untitled"],
    [undefined, "Untitled"],
  ])("is cleaned when it comes from a file: %j", (fileName, name) => {
    expect(cleanFileName(fileName)).toBe(name);
  });

  it("is cut at 200 characters, never through one", () => {
    expect([...cleanFileName("😀".repeat(5000))]).toHaveLength(200);
  });

  it("is always one that a caller could give", () => {
    for (const name of ["\ud800x", "a\tb", "\u200b", "x".repeat(300)]) {
      expect(datasetName.safeParse(cleanFileName(name)).success).toBe(true);
    }
  });
});
