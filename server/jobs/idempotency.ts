import { AppError } from "../errors.ts";
import type { Session } from "../infrastructure/mongo.ts";
import type { IdempotencyKey, KeyModel } from "./upload.model.ts";

type KeyOf = Pick<IdempotencyKey, "userId" | "route" | "key">;

/** Repeated calls with one key are one call; the same key for something else is `conflict`. */
export function createIdempotency(keys: KeyModel) {
  /** What the first call with this key answered, null if there was none. */
  async function find<Answer>(of: KeyOf, fingerprint: string): Promise<Answer | null> {
    const known = await keys.findOne(of).lean<IdempotencyKey>();
    if (!known) return null;
    // A route's answers are all of one kind.
    if (known.fingerprint === fingerprint) return known.answer as Answer;
    throw new AppError("conflict", "This Idempotency-Key was used for something else.");
  }

  return {
    find,

    isKnown: async (of: KeyOf): Promise<boolean> => (await keys.exists(of)) !== null,

    /** As part of a transaction; of two at the same time one fails with a duplicate key. */
    async keep(of: KeyOf, fingerprint: string, answer: unknown, session: Session): Promise<void> {
      await keys.create([{ ...of, fingerprint, answer, createdAt: new Date() }], { session });
    },
  };
}
