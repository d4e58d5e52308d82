import { id } from "../../protocol/common.ts";
import { AppError } from "../errors.ts";

/** The `:id` of a path; what can't be an id is `not_found`, like one that belongs to nobody. */
export function readId(params: Record<string, string>): string {
  const parsed = id.safeParse(params.id);
  if (!parsed.success) throw new AppError("not_found");
  return parsed.data;
}
