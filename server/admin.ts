import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { destination, pino } from "pino";
import { createCommands, type Output } from "./admin/commands.ts";
import { formatOutput } from "./admin/table.ts";
import { createSessionModel } from "./auth/session.model.ts";
import { createUserModel } from "./auth/user.model.ts";
import { readStoreConfig } from "./config.ts";
import { serializers } from "./infrastructure/logger.ts";
import { connectMongo } from "./infrastructure/mongo.ts";
import { connectForRequests } from "./infrastructure/redis.ts";
import { createJobModel } from "./jobs/job.model.ts";

const usage = `npm run admin -- [--json] COMMAND
  users                 who has an account, the newest first
  grant EMAIL           makes somebody an administrator
  revoke EMAIL          and no longer one
  end-sessions EMAIL    signs somebody out everywhere
  jobs                  the newest jobs of all users
  job ID                all about one`;

const takesOne = ["grant", "revoke", "end-sessions", "job"] as const;
const takesNone = ["users", "jobs"] as const;
const changes: readonly string[] = ["grant", "revoke", "end-sessions"];

type Asked =
  | { command: (typeof takesOne)[number]; argument: string }
  | { command: (typeof takesNone)[number] };

function readArguments(): { isJson: boolean; asked: Asked } | null {
  try {
    const options = { json: { type: "boolean", default: false } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [name, argument, ...rest] = positionals;
    const one = takesOne.find((command) => command === name);
    const none = takesNone.find((command) => command === name);
    if (rest.length > 0) return null;
    if (one && argument) return { isJson: values.json, asked: { command: one, argument } };
    if (none && !argument) return { isJson: values.json, asked: { command: none } };
    return null;
  } catch {
    return null;
  }
}

async function run(asked: Asked): Promise<Output> {
  const { mongoUri, redisUrl, redisPrefix: prefix } = readStoreConfig(process.env);
  const logger = pino({ level: "error", serializers }, destination({ fd: 2, sync: true }));
  const connection = await connectMongo(mongoUri, logger);
  const redis = connectForRequests(redisUrl, logger);
  const users = createUserModel(connection);
  const sessions = createSessionModel(connection);
  const jobs = createJobModel(connection);
  const commands = createCommands({ users, sessions, jobs, redis, prefix });
  try {
    return "argument" in asked
      ? await commands[asked.command](asked.argument)
      : await commands[asked.command]();
  } finally {
    redis.disconnect();
    connection.removeAllListeners("disconnected");
    await connection.close();
  }
}

/** The line of the audit trail; on standard error, for standard output is the answer's. */
function note(asked: Asked, outcome: string): void {
  if (!("argument" in asked) || !changes.includes(asked.command)) return;
  const { command: act, argument: email } = asked;
  const at = new Date().toISOString();
  const by = userInfo().username;
  process.stderr.write(`${JSON.stringify({ audit: true, act, outcome, at, email, by })}\n`);
}

async function main(): Promise<number> {
  const given = readArguments();
  if (!given) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  try {
    const output = await run(given.asked);
    note(given.asked, "ok");
    process.stdout.write(`${given.isJson ? JSON.stringify(output) : formatOutput(output)}\n`);
    return 0;
  } catch (err) {
    note(given.asked, "failed");
    process.stderr.write(`${err instanceof Error ? err.message : err}\n`);
    return 1;
  }
}

process.exitCode = await main();
