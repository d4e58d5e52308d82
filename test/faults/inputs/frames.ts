import fc, { type Arbitrary } from "fast-check";
import { requestsAsked } from "./events.ts";
import { alter, change, wildJson, wildText } from "./texts.ts";

/** Packets as Socket.IO writes them (revision 5), less the type of engine.io, which its client adds. */
const request = fc
  .tuple(fc.constantFrom("", "7", "00", "9".repeat(30)), requestsAsked)
  .map(([id, { event, args }]) => `2${id}[${[JSON.stringify(event), ...args].join(",")}]`);

const events = fc.oneof(
  fc.constantFrom(
    "error",
    "disconnect",
    "connect",
    "connect_error",
    "disconnecting",
    "newListener",
  ),
  fc.constantFrom(
    "event",
    "hello",
    "channel:position",
    "session:ended",
    "server:draining",
    "event",
  ),
  fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "", "jobs:list "),
  wildText,
);
const stranger = fc
  .tuple(fc.constantFrom("2", "25", "5", "5-["), events, wildJson)
  .map(([head, event, json]) => `${head}[${JSON.stringify(event)},${json}]`);

const ready = [
  ...[
    "",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "9",
    "-1",
    "x",
    "\0",
    "\ud800",
    "[]",
    "{}",
    "2[]",
  ],
  ...[
    "2{}",
    "2null",
    "2[1]",
    "2[null]",
    "2[{}]",
    '2["jobs:list"',
    "2[[]]",
    '2/,["x"]',
    "2/admin,[]",
  ],
  ...[
    "0/admin,",
    "0/admin,{}",
    '0/,{"token":1}',
    "0null",
    "0[]",
    '0{"token":{}}',
    "1/admin,",
    "10",
  ],
  ...[
    "3",
    "30[]",
    "31",
    '3999[{"ok":true}]',
    "3[",
    "3-1[]",
    "3{}",
    '4"x"',
    '4{"message":"x"}',
    "4[]",
  ],
  ...['51-["jobs:list",{"_placeholder":true,"num":0}]', '52-["x",{"_placeholder":true,"num":1}]'],
  ...[
    '51-7["jobs:list",{"_placeholder":true,"num":-1}]',
    '51-["x",{"_placeholder":true,"num":"0"}]',
  ],
  ...['51-["x",{"_placeholder":true,"num":1e9}]', "5-", "51-", "599999999999-[]", "51", "5[]"],
  ...["61-7[]", '61-7[{"_placeholder":true,"num":0}]', "6", "60-", `2[${"[".repeat(9000)}`],
  ...[`2["jobs:list","${"x".repeat(70_000)}"]`, `0${" ".repeat(3000)}`, `2${"1".repeat(400)}[]`],
];
const spoilt = fc
  .tuple(
    fc.oneof(request, stranger),
    fc.array(change(fc.oneof(wildText, fc.constantFrom(...'{}[],:"0-9\\'))), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([packet, changes]) => alter(packet, changes));

type Binary = { bytes: number[] };
const binary: Arbitrary<Binary> = fc.record({ bytes: fc.array(fc.nat(255), { maxLength: 20 }) });
/** A message as it stands: engine.io knows 0 to 6, b and what is base64. */
const raw = fc
  .tuple(
    fc.constantFrom(..."012356789bx", "", "b!", "4b", "44", "\x1e"),
    fc.oneof(wildText, request),
  )
  .map(([type, rest]) => ({ raw: (type + rest).toWellFormed() }));

const frame: Arbitrary<string | Binary | { raw: string }> = fc.oneof(
  { weight: 6, arbitrary: request },
  { weight: 4, arbitrary: stranger },
  { weight: 5, arbitrary: fc.constantFrom(...ready) },
  { weight: 5, arbitrary: spoilt },
  { weight: 1, arbitrary: binary },
  { weight: 1, arbitrary: raw },
);

/** What a connection is opened with, and what it then sends. */
export const connections = fc.record({
  auth: fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.dictionary(
        fc.constantFrom("token", "userId", "roles", "constructor", "sid", "offset", "pid"),
        fc.jsonValue({ maxDepth: 1 }),
      ) as Arbitrary<object>,
    },
  ),
  query: fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.dictionary(
        fc.constantFrom("EIO", "transport", "sid", "token", "t", "j", "b64", "x", "__proto__"),
        wildText.map((text) => text.toWellFormed()),
      ),
    },
  ),
  frames: fc.array(frame, { maxLength: 3 }),
});
