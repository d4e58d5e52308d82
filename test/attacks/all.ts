import { accounts } from "./accounts.ts";
import { cursors } from "./cursors.ts";
import { events } from "./events.ts";
import { files } from "./files.ts";
import { floods } from "./floods.ts";
import { jobs } from "./jobs.ts";
import type { Row } from "./kit/row.ts";
import { logs } from "./logs.ts";
import { misc } from "./misc.ts";
import { outages } from "./outages.ts";
import { page } from "./page.ts";
import { queries } from "./queries.ts";
import { sessions } from "./sessions.ts";
import { starting } from "./starting.ts";
import { tokens } from "./tokens.ts";
import { transport } from "./transport.ts";
import { uploads } from "./uploads.ts";
import { watching } from "./watching.ts";

/** Every attack, in order; the logs come last, and tell of all that was done before. */
export const attacks: readonly Row[] = [
  ...transport,
  ...tokens,
  ...accounts,
  ...starting,
  ...sessions,
  ...events,
  ...floods,
  ...queries,
  ...cursors,
  ...uploads,
  ...files,
  ...page,
  ...jobs,
  ...watching,
  ...misc,
  ...outages,
  ...logs,
];
