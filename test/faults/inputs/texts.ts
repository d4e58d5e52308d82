import fc, { type Arbitrary } from "fast-check";

const nested = (open: string, close: string, depth: number) =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;
const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 1100 }, (_, i) => [i, i])));

/** JSON that its reader may not have thought of. */
const peculiar = [
  ...[
    "null",
    "true",
    "0",
    "-0",
    "1e999",
    "-1e999",
    "1e-999",
    "0.5",
    "9007199254740993",
    "[]",
    "{}",
  ],
  ...['""', '"\\u0000"', '"\\ud800"', '"\\udc00x"', '"a\\u0000b"', '"\\uffff"', '"\\u202e"'],
  ...['{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '{"toString":1}'],
  ...['{"toJSON":1}', '{"then":1}', '{"length":1e9}', '[{"__proto__":null}]', '{"":{"":""}}'],
  ...['{"$ne":1}', '{"$where":"1"}', '{"$gt":""}', '["$in"]', '{"_bsontype":"ObjectId"}'],
  ...['{"_placeholder":true,"num":0}', '{"limit":1,"limit":"x"}', '"[object Object]"'],
  ...['"2024-02-30"', '"2024-01-01"', '"NaN"', '"(a+)+$"', '"\\\\E["', '"a.b"', '"c0"'],
];
const large = [
  ...[nested("[", "]", 33), nested('{"a":', "}", 40), nested("[", "]", 5000), wide],
  ...[
    JSON.stringify("x".repeat(50_000)),
    `[${Array(5000).fill("1")}]`,
    `[${Array(101).fill("1")}]`,
  ],
];

/** Any JSON at all, as text: `1e999`, `__proto__` and keys that stand twice have no other form. */
export const wildJson: Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...peculiar) },
  { weight: 1, arbitrary: fc.constantFrom(...large) },
  { weight: 4, arbitrary: fc.json({ maxDepth: 2 }) },
  { weight: 3, arbitrary: fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)) },
);

/** Texts that names, cells and parts of a URL are made of. */
export const wildText: Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...["", " ", ".", "..", "../../etc/passwd", "__proto__", "constructor", "$where", "a.b"],
      ...[
        "\0",
        "a\0b",
        "\ud800",
        "\udfff",
        "\uffff",
        "\ufeff",
        "\u202etxt.csv",
        "🏳️‍🌈",
        "é",
        "e\u0301",
      ],
      ...["%", "%00", "%ff", "%2e%2e%2f", "%c0%af", "a/b", "a\\b", "con", "x".repeat(201)],
      ...[
        '"',
        "'",
        "\n",
        "\r\n",
        "\t",
        "\u0085",
        "\u2028",
        "=1+1",
        "-",
        "null",
        "<b>",
        "$" + "{x}",
      ],
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 20 }) },
);

export type Change = { at: number; how: "cut" | "drop" | "put" | "twice"; with: string };

/** A change to a text that leaves most of it as it was. */
export const change = (bits: Arbitrary<string>): Arbitrary<Change> =>
  fc.record({
    at: fc.nat(100_000),
    how: fc.constantFrom("cut", "drop", "put", "put", "twice"),
    with: bits,
  });

/** The text with these changes in it, one after the other. */
export function alter(text: string, changes: readonly Change[]): string {
  let altered = text;
  for (const { at, how, with: bit } of changes) {
    const place = at % (altered.length + 1);
    const [before, after] = [altered.slice(0, place), altered.slice(place)];
    if (how === "cut") altered = before;
    else if (how === "drop") altered = before + after.slice(1 + (at % 7));
    else if (how === "put") altered = before + bit + after.slice(at % 2);
    else altered = before + after.slice(0, 9) + after;
  }
  return altered;
}

/** Mostly null. */
export const seldom = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | null> =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
