/** So many things a second on the average, and `burst` of them at once after a pause. */
export type Pace = { perSecond: number; burst: number };

/** What was granted, and, if that is nothing, how many ms until there is something. */
export type Grant = { granted: number; waitMs: number };

/** Clocks are doubles of milliseconds: a step less than this is a rounding error. */
const tinyMs = 0.001;

/**
 * The Generic Cell Rate Algorithm (ITU-T I.371; as in github.com/brandur/redis-cell): all there is to keep is
 * `arrival`, the moment at which the next thing would come at an even pace. Takes up to `wanted` at once.
 */
export function takeAtPace(
  { perSecond, burst }: Pace,
  arrival: number,
  now: number,
  wanted: number,
): Grant & { arrival: number } {
  const stepMs = 1000 / perSecond;
  const next = Math.max(arrival, now);
  const room = Math.floor((now + burst * stepMs - next + tinyMs) / stepMs);
  const granted = Math.max(0, Math.min(wanted, room));
  const waitMs = granted > 0 ? 0 : next + stepMs - burst * stepMs - now;
  return { granted, waitMs, arrival: next + granted * stepMs };
}

/** The same in Redis, by its clock. KEYS: arrival. ARGV: step in ms, burst, wanted. Gives { granted, wait in ms }. */
export const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local step, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local next = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local room = math.floor((now + burst * step - next + ${tinyMs}) / step)
local granted = math.max(0, math.min(wanted, room))
if granted == 0 then return { 0, math.ceil(next + step - burst * step - now) } end
next = next + granted * step
redis.call('SET', KEYS[1], string.format('%.3f', next), 'PX', math.ceil(next - now) + 1)
return { granted, 0 }
`;
