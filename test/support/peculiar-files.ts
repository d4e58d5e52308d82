import { csvFormFiles } from "./peculiar-csv-form.ts";
import { csvHeaderFiles } from "./peculiar-csv-header.ts";
import { csvRejectFiles } from "./peculiar-csv-rejects.ts";
import { csvTypeFiles } from "./peculiar-csv-types.ts";
import { declaredFiles } from "./peculiar-declared.ts";
import type { PeculiarFile } from "./peculiar-file.ts";
import { ndjsonFiles } from "./peculiar-ndjson.ts";
import { ndjsonRejectFiles } from "./peculiar-ndjson-rejects.ts";

/** Every peculiarity that a file may have, each under a name of its own. */
export const peculiarFiles: readonly PeculiarFile[] = [
  ...csvFormFiles,
  ...csvHeaderFiles,
  ...csvRejectFiles,
  ...csvTypeFiles,
  ...declaredFiles,
  ...ndjsonFiles,
  ...ndjsonRejectFiles,
];
