import type { z } from "zod";
import { renewRequest, type User } from "./auth.ts";
import type { ChannelEvent, ChannelPositions, Subscription } from "./channels.ts";
import { subscribeRequest, unsubscribeRequest } from "./channels.ts";
import type { DataRecord, Dataset, Reject } from "./datasets.ts";
import { datasetRequest, datasetsQuery, recordsRequest, rejectsRequest } from "./datasets.ts";
import type { PublicError } from "./errors.ts";
import { exportRequest } from "./exports.ts";
import type { Job } from "./jobs.ts";
import { cancelRequest, jobRequest, jobsQuery } from "./jobs.ts";
import type { Page } from "./pages.ts";
import type { Profile } from "./profiles.ts";

/** Schema of the payload of every request a socket may send. */
export const socketRequests = {
  "session:renew": renewRequest,
  "datasets:list": datasetsQuery,
  "datasets:get": datasetRequest,
  "records:list": recordsRequest,
  "rejects:list": rejectsRequest,
  "profiles:get": datasetRequest,
  "jobs:list": jobsQuery,
  "jobs:get": jobRequest,
  "jobs:cancel": cancelRequest,
  "jobs:retry": jobRequest,
  "exports:create": exportRequest,
  "channel:subscribe": subscribeRequest,
  "channel:unsubscribe": unsubscribeRequest,
} as const;

export type SocketRequest = keyof typeof socketRequests;

export type SocketAnswers = {
  "session:renew": { expiresAt: string };
  "datasets:list": Page<Dataset>;
  "datasets:get": Dataset;
  "records:list": Page<DataRecord>;
  "rejects:list": Page<Reject>;
  "profiles:get": Profile;
  "jobs:list": Page<Job>;
  "jobs:get": Job;
  "jobs:cancel": Job;
  "jobs:retry": Job;
  "exports:create": { job: Job };
  "channel:subscribe": Subscription;
  "channel:unsubscribe": Record<string, never>;
};

/** What a caller may send: before defaults and clamping. */
export type SocketPayload<E extends SocketRequest> = z.input<(typeof socketRequests)[E]>;

export type Reply<T> = { ok: true; data: T } | { ok: false; error: PublicError };

export type Hello = {
  protocol: 1;
  node: string;
  user: Pick<User, "id" | "email" | "name">;
  sessionId: string;
  expiresAt: string;
};

/** Said before the server closes the connection. */
export type SessionEnded = { code: "token_expired" | "session_revoked" };

/** The node closes in 5 s; `reconnectAfter` (seconds, 0 to 2) differs from socket to socket. */
export type Draining = { reconnectAfter: number };

export type ClientToServer = {
  [E in SocketRequest]: (
    payload: SocketPayload<E>,
    reply: (reply: Reply<SocketAnswers[E]>) => void,
  ) => void;
};

export type ServerToClient = {
  hello: (hello: Hello) => void;
  event: (event: ChannelEvent) => void;
  "channel:position": (positions: ChannelPositions) => void;
  /** 60 s before the access token ends, or at half of a shorter lifetime */
  "session:expiring": (expiring: { expiresAt: string }) => void;
  "session:ended": (ended: SessionEnded) => void;
  "server:draining": (draining: Draining) => void;
};
