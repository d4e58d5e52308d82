import fc, { type Arbitrary } from "fast-check";
import { wildJson } from "./texts.ts";

type Step = {
  at: number;
  how: "put" | "drop" | "add" | "wrap" | "text";
  json: string;
  key: string;
};

const step: Arbitrary<Step> = fc.record({
  at: fc.nat(1000),
  how: fc.constantFrom("put", "put", "put", "drop", "add", "wrap", "text"),
  json: wildJson,
  key: fc.constantFrom(
    "__proto__",
    "constructor",
    "$where",
    "userId",
    "limit",
    "x",
    "",
    "toString",
  ),
});

/** One valid payload, mostly with one or two places of it changed; as JSON. */
export const nearly = (valid: Arbitrary<unknown>): Arbitrary<string> =>
  fc
    .tuple(
      valid,
      fc.oneof(
        { weight: 5, arbitrary: fc.constant([]) },
        { weight: 4, arbitrary: fc.array(step, { minLength: 1, maxLength: 2 }) },
      ),
    )
    .map(([value, steps]) => applyAll(value, steps));

type Holder = { [key: string]: unknown };

/** Raw JSON takes the place of a mark once the rest is written. */
function applyAll(value: unknown, steps: readonly Step[]): string {
  const root: Holder = { root: structuredClone(value) };
  const raw: [string, string][] = [];
  for (const [i, { at, how, json, key }] of steps.entries()) {
    const places = placesOf(root);
    const [holder, name] = places[at % places.length] ?? [root, "root"];
    const mark = `\u0001${i}\u0001`;
    const inner = holder[name];
    if (how === "drop" && holder !== root) delete holder[name];
    else if (how === "wrap") holder[name] = [inner];
    else if (how === "text") holder[name] = JSON.stringify(inner);
    else if (how === "add" && isHolder(inner) && !Array.isArray(inner)) inner[`\u0001k${i}`] = mark;
    else holder[name] = mark;
    raw.push([JSON.stringify(mark), json], [JSON.stringify(`\u0001k${i}`), JSON.stringify(key)]);
  }
  let text = JSON.stringify(root.root) ?? "null";
  for (const [mark, json] of raw) text = text.replaceAll(mark, () => json);
  return text;
}

const isHolder = (value: unknown): value is Holder => typeof value === "object" && value !== null;

function placesOf(root: Holder): [Holder, string][] {
  const places: [Holder, string][] = [];
  const open: Holder[] = [root];
  for (let holder = open.pop(); holder; holder = open.pop()) {
    for (const name of Object.keys(holder)) {
      places.push([holder, name]);
      const inner = holder[name];
      if (isHolder(inner)) open.push(inner);
    }
  }
  return places;
}
