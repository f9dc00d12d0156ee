import { afterEach, describe, expect, it, vi } from "vitest";

import { Queue } from "../src/queue/queue.svelte";
import { failure, FakeStation, type Fixture, many } from "./station";

let station: FakeStation;
let stop: () => void;

afterEach(() => {
  stop();
});

/** A queue in which ten rows are in sight, the first of them at `first`. */
async function queueAt(first: number, envelopes: Fixture[] = many(1000)) {
  station = new FakeStation(envelopes).install();
  const queue = new Queue();
  queue.query = { ...queue.query, sort: "newest" };
  const shifts: number[] = [];
  queue.onshift = (rows) => shifts.push(rows);
  stop = queue.follow();
  await vi.waitFor(() => expect(queue.known).toBe(true));
  queue.look({ first, last: first + 10, atTop: first === 0 });
  await vi.waitFor(() => expect(queue.row(first + 5)).toBeDefined());
  return { queue, shifts };
}

const arrival = (id: number, minutesAgo: number): Fixture => ({
  ...(many(1)[0] as Fixture),
  id,
  minutesAgo,
});

describe("rows that arrive", () => {
  it("above: what is in sight stays in sight, and the list says how many came", async () => {
    const { queue, shifts } = await queueAt(300);
    const before = queue.row(300)?.id;
    station.arrive(arrival(5001, 0), arrival(5002, 1), arrival(5003, 2));
    await vi.waitFor(() => expect(queue.all).toBe(1003));
    expect(shifts).toEqual([3]);
    expect(queue.sight.first).toBe(303);
    expect(queue.row(303)?.id).toBe(before);
    expect(queue.above).toBe(3);
    queue.look({ first: 0, last: 10, atTop: true });
    expect(queue.above).toBe(0);
  });

  it("above, across the edge of what is fetched: it is fetched further on", async () => {
    const { queue, shifts } = await queueAt(195);
    const before = queue.row(195)?.id;
    station.arrive(...Array.from({ length: 250 }, (_, i) => arrival(5000 + i, 0)));
    await vi.waitFor(() => expect(queue.all).toBe(1250));
    expect(shifts).toEqual([250]);
    expect(queue.row(445)?.id).toBe(before);
  });

  it("below: nothing moves", async () => {
    const { queue, shifts } = await queueAt(300);
    station.arrive(arrival(5001, 1_000_000));
    await vi.waitFor(() => expect(queue.all).toBe(1001));
    expect(shifts).toEqual([]);
    expect(queue.above).toBe(0);
  });

  it("among those in sight: the selected one stays where it is", async () => {
    const { queue, shifts } = await queueAt(300);
    queue.selected = queue.row(305)?.id ?? null;
    const between = (303 * 7 + 304 * 7) / 2;
    station.arrive(arrival(5001, between));
    await vi.waitFor(() => expect(queue.all).toBe(1001));
    expect(shifts).toEqual([1]);
    expect(queue.indexOf(queue.selected)).toBe(306);
  });

  it("at the top, with nothing open there: they come into sight", async () => {
    const { queue, shifts } = await queueAt(0);
    station.arrive(arrival(5001, 0));
    await vi.waitFor(() => expect(queue.row(0)?.id).toBe(5001));
    expect(shifts).toEqual([]);
  });

  it("at the top, with one open: it stays where it is", async () => {
    const { queue, shifts } = await queueAt(0);
    queue.selected = queue.row(0)?.id ?? null;
    station.arrive(arrival(5001, -1));
    await vi.waitFor(() => expect(queue.all).toBe(1001));
    expect(shifts).toEqual([1]);
    expect(queue.above).toBe(1);
  });

  it("stand out for a moment, and only they", async () => {
    const { queue } = await queueAt(0);
    vi.useFakeTimers();
    station.arrive(arrival(5001, 0), arrival(5002, 10));
    await vi.waitFor(() => expect([...queue.fresh].sort()).toEqual([5001, 5002]));
    vi.advanceTimersByTime(3000);
    expect(queue.fresh.size).toBe(0);
    vi.useRealTimers();
  });

  it("in a burst are fetched in a few turns, and none is missed", async () => {
    const { queue } = await queueAt(0, many(10));
    const before = station.callsOf("queue_window").length;
    for (let i = 0; i < 500; i++) station.arrive(arrival(5000 + i, 0));
    await vi.waitFor(() => expect(queue.total).toBe(510));
    expect(station.callsOf("queue_window").length - before).toBeLessThan(20);
  });
});

describe("rows that go or change", () => {
  it("that vanish above let what is in sight stay", async () => {
    const { queue, shifts } = await queueAt(300);
    const before = queue.row(300)?.id;
    station.vanish(5);
    await vi.waitFor(() => expect(queue.all).toBe(999));
    expect(shifts).toEqual([-1]);
    expect(queue.row(299)?.id).toBe(before);
  });

  it("that change show their new state", async () => {
    const { queue } = await queueAt(0);
    const id = queue.row(2)?.id ?? 0;
    station.change(id, { title: "Changed" });
    await vi.waitFor(() => expect(queue.row(2)?.title).toBe("Changed"));
  });
});

describe("moving", () => {
  it("from a selected row that has been scrolled away, even beyond what is fetched", async () => {
    const { queue } = await queueAt(0);
    queue.selected = queue.row(3)?.id ?? null;
    const next = queue.row(4)?.id;
    queue.look({ first: 700, last: 710, atTop: false });
    await vi.waitFor(() => expect(queue.row(700)).toBeDefined());
    station.arrive(arrival(5001, 1_000_000));
    await vi.waitFor(() => expect(queue.all).toBe(1001));
    expect(queue.indexOf(queue.selected)).toBeNull();
    const shown: number[] = [];
    queue.onshow = (index) => shown.push(index);
    await queue.move(1);
    expect(queue.selected).toBe(next);
    expect(shown).toEqual([4]);
  });

  it("step by step however fast the keys come, across blocks, and not beyond the ends", async () => {
    const { queue } = await queueAt(0);
    for (let i = 0; i < 150; i++) void queue.move(1);
    await queue.move(1);
    expect(queue.selected).toBe(queue.row(150)?.id);
    await queue.move(-1000);
    expect(queue.selected).toBe(queue.row(0)?.id);
    await queue.move(-1);
    expect(queue.selected).toBe(queue.row(0)?.id);
  });
});

describe("asking", () => {
  it("takes the answer to the last query, whichever arrives last", async () => {
    const { queue } = await queueAt(0);
    queue.ask({ text: "thresholds" });
    queue.ask({ text: "" });
    queue.ask({ text: "sandbox" });
    await vi.waitFor(() => expect(queue.row(0)?.title).toBe("Delegate authority over the sandbox"));
    expect(queue.narrowed).toBe(true);
  });

  it("says why there is no answer, until there is one", async () => {
    const { queue } = await queueAt(0, many(10));
    station.answer("queue_window", () => {
      throw failure("catalogue", "The catalogue cannot be read.");
    });
    await queue.refresh();
    expect(queue.failure?.message).toBe("The catalogue cannot be read.");
  });
});
