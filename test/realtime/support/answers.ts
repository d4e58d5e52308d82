import type { Snapshot } from "../../../protocol/channels.ts";
import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import type { Page } from "../../../protocol/pages.ts";
import type { Principal } from "../../../server/auth/principal.ts";
import { AppError } from "../../../server/errors.ts";
import { Encoded } from "../../../server/infrastructure/encoded.ts";

/** What exists, by `<user>/<channel>`; a null is a deleted dataset. */
export type Things = Map<string, Snapshot>;

/** What a gateway asks of datasets and jobs, answered from a map. */
export function answersFrom(things: Things) {
  const find = (principal: Principal, channel: string) => {
    const thing = things.get(`${principal.userId}/${channel}`);
    if (!thing || Array.isArray(thing)) throw new AppError("not_found");
    return thing;
  };
  const job = async (principal: Principal, id: string) => find(principal, `job:${id}`) as Job;
  const none = async <T>(): Promise<Page<T>> => emptyPage();

  return {
    jobs: {
      get: job,
      cancel: job,
      retry: job,
      list: none<Job>,
      listUnfinished: async () => [],
    },
    datasets: {
      list: none<Dataset>,
      get: async (principal: Principal, id: string) => find(principal, `dataset:${id}`) as Dataset,
      isDeleted: async ({ userId }: Principal, id: string) =>
        things.get(`${userId}/dataset:${id}`) === null,
      records: async () => {
        throw new TypeError("a fault with a secret in it");
      },
      profile: async () => ({ version: 1, rows: 0, columns: [] }),
      rejects: async () => new Encoded<Page<never>>(JSON.stringify(emptyPage())),
    },
  };
}

const emptyPage = <T>(): Page<T> => ({
  items: [],
  next: null,
  previous: null,
  total: { count: 0, exact: true },
});
