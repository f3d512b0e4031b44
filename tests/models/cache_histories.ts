import { ok } from "node:assert/strict";
import { type Act, type CacheHistory, cacheHistory, TTLS_MS } from "./cache_acts.ts";
import { type CacheParts, type CacheWorld, cacheWorld, ISOLATES, KEYS } from "./cache_world.ts";
import { agree, chosen, type Histories } from "./histories.ts";

const LONGEST_MS = 20_000;

function player(world: CacheWorld) {
  const paused: CacheWorld["asks"] = [];
  let toFollow: CacheWorld["payments"] = [];

  async function play(act: Act): Promise<void> {
    switch (act.act) {
      case "ask":
        for (let one = 0; one < act.many; one++) {
          world.goOn(await world.ask(act.isolate, KEYS[act.key]!));
        }
        return;
      case "look first":
        return void paused.push(await world.ask(act.isolate, KEYS[act.key]!));
      case "go on": {
        const ask = chosen(paused, act.ask);
        if (!ask) return;
        paused.splice(paused.indexOf(ask), 1);
        ask.resumed = true;
        return world.goOn(ask);
      }
      case "land": {
        const load = chosen(world.loads.filter(({ state }) => state === "FLYING"), act.load);
        return load && world.land(load, act.as, TTLS_MS[act.ttl]!);
      }
      case "pay":
        return world.beginPayment(act.all ? KEYS : KEYS.slice(1));
      case "commit": {
        const payment = chosen(world.payments.filter(({ versions }) => !versions), act.payment);
        if (!payment) return;
        await world.commit(payment);
        if (act.then === "FOLLOW") await world.follow(payment);
        if (act.then === "FOLLOW LATER") toFollow.push(payment);
        return;
      }
      case "follow": {
        // Again after that, too: what follows a payment may be done twice.
        const payment = chosen(toFollow, act.payment);
        if (!payment) return;
        if (act.payment % 2 > 0) toFollow = toFollow.filter((one) => one !== payment);
        return await world.follow(payment);
      }
      case "break down":
        return world.breakDown(act.as);
      case "fill again": {
        const lease = chosen(world.leases(), act.lease);
        if (lease) await world.fillAgain(KEYS[act.key]!, lease);
        return;
      }
      case "pass":
        return await world.advance(act.ms);
    }
  }

  /** From here on nothing fails: all who asked have their answer, and the cache works again. */
  async function everybodyIsAnswered(): Promise<void> {
    world.breakDown(null);
    world.landAtOnce(TTLS_MS[1]!);
    for (const load of world.loads) {
      if (load.state === "FLYING") world.land(load, "VALUE", TTLS_MS[1]!);
    }
    for (const ask of paused) world.goOn(ask);
    await world.settled();
    await world.advance(LONGEST_MS);
    world.assertNoFault();
    for (const [index, { answered, ownLoads }] of world.asks.entries()) {
      // A caller that was cut off gets no answer; no other may hang with it.
      const cutOff = ownLoads.some(({ state }) => state === "CUT OFF");
      ok(answered || cutOff, `liveness: ask ${index} hangs and was not cut off`);
    }
    for (const key of KEYS) {
      const before = world.loads.length;
      for (let isolate = 0; isolate < ISOLATES; isolate++) {
        const ask = await world.ask(isolate, key);
        world.goOn(ask);
        await world.settled();
        ok(ask.answered, "liveness: the cache answers at once again");
      }
      const fresh = world.loads.slice(before);
      agree("liveness: after its time everybody shares one new load", fresh.length, 1);
      agree("liveness: and it is of now", fresh[0]!.version, world.truthOf(key));
    }
    world.assertNoFault();
  }
  return { play, everybodyIsAnswered };
}

/** Histories of one cache and several isolates that read through it. */
export function cacheHistories(parts: CacheParts): Histories<CacheHistory> {
  return {
    arbitrary: cacheHistory,
    async play({ acts }) {
      const world = await cacheWorld(parts);
      try {
        const { play, everybodyIsAnswered } = player(world);
        for (const act of acts) {
          await play(act);
          await world.settled();
          world.assertNoFault();
        }
        await everybodyIsAnswered();
      } finally {
        await world.close();
      }
    },
  };
}
