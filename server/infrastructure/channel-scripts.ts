/** Seconds a log and its message ids outlive the newest event, and a position the newest use. */
const logSeconds = 3600;
/** So much longer, that not every event has to say so again. */
const slackSeconds = 600;
const positionSeconds = 7 * 24 * 3600;
/** The log keeps at least this many events, the message ids at least as many. */
const logLength = 1000;

/**
 * Keys: position, log, ids:0, ids:1, fences:0, fences:1. ARGV[1]: random characters for an epoch.
 * An epoch begins with its Redis's run_id: one that was restarted may have come back older, and must not
 * give out its numbers again. INFO costs 2 us and can't be out of date, as a caller's copy could.
 */
const enterEpoch = `
local node = string.sub(string.match(redis.call('INFO', 'server'), 'run_id:(%w+)'), 1, 8)
local held = redis.call('GET', KEYS[1])
local epoch, seq
if held and string.sub(held, 1, 8) == node then
  epoch, seq = string.match(held, '^(.*):(%d+)$')
  seq = tonumber(seq)
else
  epoch, seq = node .. ARGV[1], 0
  redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
  redis.call('SET', KEYS[1], epoch .. ':0', 'EX', ${positionSeconds})
end
local function digits(n) return string.format('%.0f', n) end
`;

/**
 * Appends an event and sends it, in one step: log order is broadcast order.
 * ARGV: random, message id, pub/sub channel, envelope head and tail, event before and after, fence of, value.
 * Gives 1, or 0 when the fence refused. Fences are kept by weeks, this one and the last.
 */
export const appendScript = `${enterEpoch}
local id = ARGV[2]
if redis.call('HEXISTS', KEYS[3], id) == 1 or redis.call('HEXISTS', KEYS[4], id) == 1 then return 1 end

if ARGV[8] ~= '' then
  local fence = tonumber(ARGV[9])
  local week = math.floor(tonumber(redis.call('TIME')[1]) / ${positionSeconds})
  local current, last = KEYS[5 + week % 2], KEYS[5 + (week + 1) % 2]
  local known = redis.call('HGET', current, ARGV[8])
  if fence < tonumber(known or redis.call('HGET', last, ARGV[8]) or -1) then return 0 end
  if fence > tonumber(known or -1) then
    redis.call('HSET', current, ARGV[8], ARGV[9])
    redis.call('EXPIREAT', current, digits((week + 2) * ${positionSeconds}))
  end
end

seq = seq + 1
local text = ARGV[6] .. epoch .. '","seq":' .. digits(seq) .. ARGV[7]
redis.call('SET', KEYS[1], epoch .. ':' .. digits(seq), 'EX', ${positionSeconds})
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ${logLength}, digits(seq) .. '-0', 'e', text)
local ids = KEYS[3 + math.floor(seq / ${logLength}) % 2]
if seq % ${logLength} == 0 then redis.call('DEL', ids) end
redis.call('HSET', ids, id, digits(seq))
if seq % ${logLength} == 0 or redis.call('TTL', KEYS[2]) < ${logSeconds} then
  for k = 2, 4 do redis.call('EXPIRE', KEYS[k], ${logSeconds + slackSeconds}) end
end
redis.call('SPUBLISH', ARGV[3], ARGV[4] .. text .. ARGV[5])
return 1
`;

/**
 * Reads position and the events after a given one, beginning an epoch where there is none.
 * ARGV: random, after's epoch and seq, most events, most bytes.
 * Gives { epoch, seq, 1 if there is a log, 1 if the events are complete, event… }.
 */
export const readScript = `${enterEpoch}
local answer = { epoch, digits(seq), redis.call('EXISTS', KEYS[2]), 0 }
local at, left = tonumber(ARGV[3]), tonumber(ARGV[5])
if ARGV[2] ~= epoch or at > seq or seq - at > tonumber(ARGV[4]) then return answer end

local events = { epoch, answer[2], answer[3], 1 }
while at < seq do
  local entries = redis.call('XRANGE', KEYS[2], digits(at + 1) .. '-0', digits(seq) .. '-0', 'COUNT', 20)
  if #entries == 0 then return answer end
  for _, entry in ipairs(entries) do
    at = at + 1
    local text = entry[2][2]
    left = left - #text
    if entry[1] ~= digits(at) .. '-0' or left < 0 then return answer end
    events[#events + 1] = text
  end
end
return events
`;
