import type Koa from "koa";
import type { Principal } from "../auth/principal.ts";

export type State = {
  requestId: string;
  principal?: Principal;
  /** how long a JSON body may take to come */
  bodyMs: number;
};
export type Context = Koa.ParameterizedContext<State>;
export type Next = Koa.Next;
