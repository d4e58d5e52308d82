import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { pace } from "./pace.ts";
import { quantile } from "./pairs.ts";
import { serveOwner } from "./program.ts";

/** So many sign-ins a second for so long; `perAddress` of them come from one address. */
export type FloodOrder = { perSecond: number; seconds: number; perAddress: number };

/** Milliseconds from the moment a sign-in was due to the end of its answer. */
export type Answers = { count: number; p50: number; p99: number; max: number };

/** `refused`: 429; `compared`: 401, a password was compared; `others`: anything else, or no answer. */
export type FloodReport = {
  refused: Answers;
  compared: Answers;
  others: string[];
  latestMs: number;
};

const { URL: url = "", ACCOUNTS = "" } = process.env;
const accounts = Number(ACCOUNTS);
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
let offered = 0;
let addresses = 0;

/** Every second one is for an account that isn't there; every password is wrong. */
function signIn(address: string): Promise<IncomingMessage> {
  offered += 1;
  const isKnown = offered % 2 === 0;
  const email = `${isKnown ? offered % accounts : `nobody-${offered}`}@example.com`;
  const body = JSON.stringify({ email, password: `guess number ${offered} of many` });
  const headers = { "Content-Type": "application/json", "X-Forwarded-For": address };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/api/v1/auth/login`, { method: "POST", agent, headers });
    asked.once("error", reject).once("response", resolve).end(body);
  });
}

const describe = (times: number[]): Answers => ({
  count: times.length,
  p50: quantile(times, 0.5),
  p99: quantile(times, 0.99),
  max: Math.max(0, ...times),
});

async function flood({ perSecond, seconds, perAddress }: FloodOrder): Promise<FloodReport> {
  const times = new Map<number, number[]>([401, 429].map((status) => [status, []]));
  const others: string[] = [];
  let latestMs = 0;
  await pace(perSecond, perSecond * seconds, async (index, dueAt) => {
    latestMs = Math.max(latestMs, performance.now() - dueAt);
    if (index % perAddress === 0) addresses += 1;
    const [a, b, c] = [addresses >> 16, (addresses >> 8) & 255, addresses & 255];
    try {
      const answer = await signIn(`10.${a}.${b}.${c}`);
      const said = await text(answer);
      const list = times.get(answer.statusCode ?? 0);
      if (list) list.push(performance.now() - dueAt);
      else others.push(said);
    } catch (err) {
      others.push(String(err));
    }
  });
  const of = (status: number) => describe(times.get(status) ?? []);
  return { refused: of(429), compared: of(401), others, latestMs };
}

serveOwner({}, flood);
