import type { JobKind } from "../../protocol/jobs.ts";
import type { Attempt } from "./attempt.ts";
import type { Outcome } from "./job-store.ts";

/** What does the work of a kind of job. A kind without a handler doesn't compile. */
export type Catalog = Readonly<Record<JobKind, (attempt: Attempt) => Promise<Outcome>>>;
