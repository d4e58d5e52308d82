import type Koa from "koa";
import type { Principal } from "../auth/principal.ts";

export type State = { requestId: string; principal?: Principal };
export type Context = Koa.ParameterizedContext<State>;
export type Next = Koa.Next;
