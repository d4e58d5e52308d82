/** Seconds that a node which has died still counts, and that what it held stays without being told again. */
export const nodeSeconds = 6;
export const placesSeconds = 1800;

/**
 * Takes a place among those of live nodes. KEYS: nodes, places. ARGV: most, node, place. A place that is
 * held under the same name on another node counts once. Gives 1, or 0 when all are taken.
 */
export const takePlaceScript = `
local now = tonumber(redis.call('TIME')[1])
local isLive = { [ARGV[2]] = true }
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')) do isLive[node] = true end
local names, taken = {}, 0
for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
  local node, name = string.match(field, '^([^ ]*) (.*)$')
  if isLive[node] and not names[name] then
    names[name] = true
    taken = taken + 1
  end
end
if not names[ARGV[3]] and taken >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[2] .. ' ' .. ARGV[3], 1)
redis.call('EXPIRE', KEYS[2], ${placesSeconds})
return 1
`;

/**
 * Says that a node lives. KEYS: nodes. ARGV: node. Gives 1 if Redis didn't know of it; the dead that are
 * long gone are forgotten.
 */
export const beatScript = `
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ${placesSeconds})
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now + ${nodeSeconds}, ARGV[1])
redis.call('EXPIRE', KEYS[1], ${placesSeconds})
return score and 0 or 1
`;
