import type { z } from "zod";
import type { FieldError } from "../protocol/errors.ts";
import { AppError } from "./errors.ts";

const deepest = 32;
const mostKeys = 1000;
const mostErrors = 20;

/** Parses what came off the wire; throws `validation_failed` naming each offending path. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const unfit = findUnfit(input);
  if (unfit) throw invalid([unfit]);
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.slice(0, mostErrors).map((issue) => ({
      path: issue.path.map(String).join("."),
      message: issue.message,
    })),
  );
}

export function invalid(errors: FieldError[]): AppError {
  const first = errors[0];
  const place = first?.path ? `${first.path}: ` : "";
  return new AppError("validation_failed", `${place}${first?.message ?? "not valid"}`, { errors });
}

/** Finds what no schema should have to ask about: depth, number of keys, NUL, lone surrogates, `__proto__`. */
function findUnfit(input: unknown): FieldError | null {
  let keys = 0;
  const open: { value: unknown; path: string; depth: number }[] = [
    { value: input, path: "", depth: 0 },
  ];
  for (let at = open.pop(); at; at = open.pop()) {
    const { value, path, depth } = at;
    if (typeof value === "string" && !isText(value)) {
      return { path, message: "holds a NUL or a lone surrogate" };
    }
    if (typeof value !== "object" || value === null) continue;
    if (ArrayBuffer.isView(value)) return { path, message: "may not be binary" };
    if (depth >= deepest) return { path: "", message: `is nested more than ${deepest} deep` };
    for (const [key, inner] of Object.entries(value)) {
      // The entries of a list are no keys; what a body may hold bounds them.
      if (!Array.isArray(value)) keys += 1;
      if (keys > mostKeys) return { path: "", message: `has more than ${mostKeys} keys` };
      if (key === "__proto__" || !isText(key))
        return { path, message: "has a key that isn't allowed" };
      open.push({ value: inner, path: path ? `${path}.${key}` : key, depth: depth + 1 });
    }
  }
  return null;
}

function isText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
