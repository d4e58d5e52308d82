import fc from "fast-check";
import { ends, file, type Piece } from "./files.ts";

const jsonText = fc.oneof(
  { weight: 3, arbitrary: fc.json({ maxDepth: 2 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        "{}",
        "[]",
        "null",
        "1",
        "{",
        '{"a":1',
        '{"a":1}}',
        '{"a":1}x',
        '{"a":1,"a":2}',
        "",
        " ",
        "\t{}",
      ],
      ...[
        '{"__proto__":1}',
        '{"a":1e999}',
        '{"a":01}',
        '{"a":"\\ud800"}',
        '{"a":"\\u0000"}',
        "{'a':1}",
      ],
      ...[
        '{"a":.5}',
        '{"a":NaN}',
        '{"":1}',
        '{"a":-0}',
        '{"a":9007199254740993}',
        '{"a":1.50}',
        '{"\\u0061":2}',
      ],
      ...[
        `{"a":${"[".repeat(101)}${"]".repeat(101)}}`,
        `{"a":${"[".repeat(3000)}`,
        '{"a":{"b":"c"}}',
        '{"_row":1}',
      ],
      ...[
        '{"_row":"1","raw":"{}"}',
        '{"a":tru}',
        '{"a":"x\ty"}',
        '{"a":"é"}',
        '{"a" :\r\n1}',
        '{"constructor":1}',
      ],
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .dictionary(
        fc.constantFrom("a", "b", "__proto__", "_row", "raw", "x y"),
        fc.jsonValue({ maxDepth: 1 }),
      )
      .map((value) => JSON.stringify(value)),
  },
);
const jsonLine = fc.tuple(jsonText, ends).map(([text, end]): Piece => text + end);

export const ndjsonFiles = file("ndjson", jsonLine, jsonLine);
export const ndjsonRepairs = file(
  "ndjson",
  fc.oneof(
    jsonLine,
    fc
      .tuple(fc.constantFrom(1, 2, "3", -1, null, 1e21), jsonText, ends)
      .map(([row, raw, end]): Piece => JSON.stringify({ _row: row, raw }) + end),
  ),
  jsonLine,
);
