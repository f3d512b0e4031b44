import type { UpstashEndpoint } from "../../src/tools/local_cloud/upstash/endpoint.ts";
import type { Clock } from "../../src/ports/clock.ts";

const WIPE = `
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. ':*')) do redis.call('DEL', key) end`;

const AGE = `
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. ':*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 then redis.call('PEXPIRE', key, left - tonumber(ARGV[2])) end
end`;

/**
 * Keys of one test in Redis. Scripts decide by the test's clock, but a key expires by Redis's own:
 * `catchUp` takes off what the test's clock has gone on.
 */
export function redisKeys({ url, token }: UpstashEndpoint, prefix: string, clock: Clock) {
  let caughtUpMs = clock();

  async function run(script: string, ...args: string[]): Promise<void> {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(["EVAL", script, "0", prefix, ...args]),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
  }

  return {
    /** Removes them all, as a wiped Redis would. */
    wipe: () => run(WIPE),
    async catchUp(): Promise<void> {
      const passedMs = clock() - caughtUpMs;
      caughtUpMs = clock();
      if (passedMs > 0) await run(AGE, String(passedMs));
    },
  };
}
