import { describe, expect, it, vi } from "vitest";

import { asked, between, EVERY_SIGNATURE, type Filter, matching } from "../src/history/filter";
import { lanesOf } from "../src/history/lanes";
import { layOut, roundUp, stepOf, zoomed } from "../src/history/layout";
import { keyIdentity, Records } from "../src/history/records";
import { sorted } from "../src/history/sorted";
import { axis, barInWords, floorTo, read, stepFor, written } from "../src/history/time";
import { type Act, historyOf, type Past, years } from "./station-history";

const at = (text: string) => Date.parse(text) / 1000;
const DAY = 86_400;

const act = (time: string | null, person: string, more: Partial<Act> = {}): Act => ({
  at: time === null ? null : at(time),
  person,
  key: `ds-${person}-2026-01`,
  ...more,
});

const past: Past[] = [
  {
    id: 11,
    decision: "DEC-2",
    level: 7,
    sealed: at("2026-03-01T08:00:00Z"),
    registered: at("2026-03-01T09:00:00Z"),
    acts: [
      act("2026-03-01T08:10:00Z", "mira"),
      act("2026-03-02T10:00:00Z", "okafor", { role: "witness", kind: "hardware" }),
    ],
  },
  {
    id: 12,
    decision: "DEC-10",
    level: 2,
    sealed: at("2026-04-01T08:00:00Z"),
    acts: [act("2026-04-01T08:10:00Z", "mira")],
  },
  {
    id: 13,
    decision: "DEC-1",
    level: -1,
    sealed: at("2026-02-01T08:00:00Z"),
    acts: [act(null, "mira", { standing: "invalid", fingerprint: null })],
  },
  { id: 14, decision: "DEC-3", level: 1, sealed: null, acts: [] },
];

const records = new Records(historyOf(past));
const all = matching(records, EVERY_SIGNATURE);
const decisions = (some: Uint32Array) => Array.from(some, (index) => records.mark(index).decision);

describe("the filter", () => {
  const found = (filter: Partial<Filter>) =>
    decisions(matching(records, { ...EVERY_SIGNATURE, ...filter }));

  it("matches everything, earliest first and undated last", () => {
    expect(found({})).toEqual(["DEC-2", "DEC-2", "DEC-10", "DEC-1"]);
  });

  it("matches person, role, key, kind, standing and level, alone and together", () => {
    expect(found({ person: "okafor" })).toEqual(["DEC-2"]);
    expect(found({ role: "operator" })).toEqual(["DEC-2", "DEC-10", "DEC-1"]);
    expect(found({ kind: "hardware" })).toEqual(["DEC-2"]);
    expect(found({ standing: "invalid" })).toEqual(["DEC-1"]);
    expect(found({ level: "L2" })).toEqual(["DEC-10"]);
    expect(found({ level: "none" })).toEqual(["DEC-1"]);
    expect(found({ person: "mira", level: "L7" })).toEqual(["DEC-2"]);
    expect(found({ person: "nobody" })).toEqual([]);
  });

  it("distinguishes keys with the same id by what was verified", () => {
    const verified = records.keys.find(
      (key) => key.key_id === "ds-mira-2026-01" && key.fingerprint,
    );
    expect(found({ key: verified ? keyIdentity(verified) : "" })).toEqual(["DEC-2", "DEC-10"]);
    expect(found({ key: "ds-mira-2026-01" })).toEqual(["DEC-2", "DEC-10", "DEC-1"]);
  });

  it("matches time with both ends included, and never undated signatures", () => {
    const march = between(records, all, at("2026-03-01T08:10:00Z"), at("2026-03-02T10:00:00Z"));
    expect(decisions(march)).toEqual(["DEC-2", "DEC-2"]);
    expect(decisions(between(records, all, 0, at("2100-01-01T00:00:00Z")))).toHaveLength(3);
    expect(
      between(records, all, at("2027-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z")),
    ).toHaveLength(0);
  });

  it("asks the station for the same", () => {
    expect(asked({ ...EVERY_SIGNATURE, person: "mira", level: "L7" }, [10.2, 20.8])).toEqual({
      people: ["mira"],
      roles: [],
      keys: [],
      kinds: [],
      standings: [],
      levels: ["L7"],
      since: 11,
      until: 20,
    });
    expect(asked(EVERY_SIGNATURE, null)).toMatchObject({ levels: [], since: null, until: null });
  });
});

describe("lanes", () => {
  it("are by person, latest signer first", () => {
    const lanes = lanesOf(records, all, "person", "recent");
    expect(lanes.map(({ name, count, refused }) => [name, count, refused])).toEqual([
      ["mira", 3, 1],
      ["okafor", 1, 0],
    ]);
    expect(lanes[0]?.records).toHaveLength(2);
    expect(lanes[0]?.roles).toEqual(["operator"]);
  });

  it("are by key, with unverified keys apart from the keys that they name", () => {
    const lanes = lanesOf(records, all, "key", "count");
    expect(lanes.map(({ name, about, count }) => [name, about, count])).toEqual([
      ["ds-mira-2026-01", "mira", 2],
      ["ds-mira-2026-01", "mira", 1],
      ["ds-okafor-2026-01", "okafor", 1],
    ]);
  });
});

describe("the chart of levels", () => {
  it("counts the levels of envelopes at a moment, as their files claim", () => {
    const states = (time: string) => Array.from(records.levels.countsAt(at(time)));
    expect(states("2026-01-01T00:00:00Z")).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    // One that is not admissible, and one that is sealed and waits.
    expect(states("2026-03-01T08:00:00Z")).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(states("2026-03-01T08:30:00Z")).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 0]);
    expect(states("2026-03-01T12:00:00Z")).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(states("2026-05-01T00:00:00Z")).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 1]);
  });

  it("leaves out undated envelopes, and counts them", () => {
    expect(records.levels.undated).toBe(1);
  });

  it("is the same by columns", () => {
    const [from, to] = [at("2026-01-31T00:00:00Z"), at("2026-05-01T00:00:00Z")];
    const columns = records.levels.counts(from, to, 90);
    expect(Array.from(columns.slice(-9))).toEqual(Array.from(records.levels.countsAt(to)));
    expect(Array.from(columns.slice(0, 9))).toEqual(
      Array.from(records.levels.countsAt(from + (to - from) / 90)),
    );
  });
});

describe("the layout of a lane", () => {
  const crowd = new Records(
    historyOf([
      {
        id: 1,
        decision: "DEC-1",
        acts: Array.from({ length: 60 }, (_, n) =>
          act(new Date(Date.UTC(2026, 2, 2, 8, n)).toISOString(), "mira"),
        ),
      },
    ]),
  );
  const lane = matching(crowd, EVERY_SIGNATURE);
  const laid = (from: string, to: string, width = 1000) => {
    const sight = { from: at(from), to: at(to), width };
    return layOut(crowd, lane, sight, stepOf(sight));
  };

  it("is a bar if marks would overlap, and loses none", () => {
    const { glyphs, bars } = laid("2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    expect(glyphs).toHaveLength(0);
    expect(bars.map(({ count }) => count)).toEqual([60]);
    expect(bars[0]?.parts).toEqual([60, 0, 0, 0, 0]);
  });

  it("shows single signatures at their times if there is room", () => {
    const { glyphs, bars } = laid("2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z");
    expect(bars).toHaveLength(0);
    expect(glyphs).toHaveLength(60);
    expect(Math.abs((glyphs[30]?.x ?? 0) - 500)).toBeLessThanOrEqual(5);
  });

  it("never draws one glyph over another, nor counts one twice, at any zoom", () => {
    for (let hours = 1; hours < 2000; hours *= 1.7) {
      const from = at("2026-03-02T08:00:00Z") - hours * 600;
      const sight = { from, to: from + hours * 3600, width: 1100 };
      const { glyphs, bars } = layOut(crowd, lane, sight, stepOf(sight));
      const drawn = glyphs.length + bars.reduce((sum, { count }) => sum + count, 0);
      const shown = between(crowd, lane, sight.from, sight.to).length;
      expect(drawn).toBeGreaterThanOrEqual(shown);
      expect(drawn).toBeLessThanOrEqual(60);
      for (const a of glyphs) {
        const near = glyphs.filter(
          (b) => b !== a && b.row === a.row && Math.abs(b.x - a.x) < 9.999,
        );
        expect(near).toEqual([]);
      }
    }
  });

  it("does not change its bars when it is moved", () => {
    const sight = { from: at("2024-01-01T00:00:00Z"), to: at("2026-03-20T00:00:00Z"), width: 900 };
    const moved = { ...sight, from: sight.from + 3.3 * DAY, to: sight.to + 3.3 * DAY };
    const bars = (of: typeof sight) =>
      layOut(crowd, lane, of, stepOf(of)).bars.map(({ from, count }) => [from, count]);
    expect(bars(moved)).toEqual(bars(sight));
  });

  it("has no more marks than fit, however many signatures there are", () => {
    const many = new Records(years(30_000));
    const some = matching(many, EVERY_SIGNATURE);
    const [from, to] = many.extent ?? [0, 1];
    const sight = { from, to, width: 1100 };
    const lanes = lanesOf(many, some, "person", "recent");
    const drawn = lanes.map((lane) => layOut(many, lane.records, sight, stepOf(sight)));
    const marks = drawn.flatMap(({ glyphs, bars }) => [...glyphs, ...bars]);
    // What is painted depends on the width of the window, not on how many have signed.
    expect(marks.length).toBeLessThan((lanes.length * sight.width) / 6);
    const counted = drawn.flatMap(({ bars }) => bars).reduce((sum, { count }) => sum + count, 0);
    const glyphs = drawn.reduce((sum, { glyphs }) => sum + glyphs.length, 0);
    expect(counted + glyphs).toBe(many.timed);
  });
});

describe("order in the table", () => {
  const by = (column: Parameters<typeof sorted>[2], direction: Parameters<typeof sorted>[3]) =>
    decisions(sorted(records, all, column, direction));

  it("is by time, or by a column and then newest first", () => {
    expect(by("at", "ascending")).toEqual(["DEC-2", "DEC-2", "DEC-10", "DEC-1"]);
    expect(by("at", "descending")).toEqual(["DEC-1", "DEC-10", "DEC-2", "DEC-2"]);
    expect(by("decision", "ascending")).toEqual(["DEC-1", "DEC-2", "DEC-2", "DEC-10"]);
    expect(by("level", "descending")).toEqual(["DEC-2", "DEC-2", "DEC-10", "DEC-1"]);
    expect(by("person", "descending")).toEqual(["DEC-2", "DEC-1", "DEC-10", "DEC-2"]);
    expect(by("standing", "descending")[0]).toBe("DEC-1");
  });
});

describe("time", () => {
  const labels = (from: string, to: string) => {
    const { ticks, spans } = axis(at(from), at(to), 1000);
    return [ticks.map(({ label }) => label), spans.map(({ label }) => label)];
  };

  it("has round ticks from decades to seconds", () => {
    const [decades] = labels("1950-01-01T00:00:00Z", "2050-01-01T00:00:00Z");
    expect(decades).toEqual(expect.arrayContaining(["1960", "2000", "2040"]));
    expect(labels("2021-01-01T00:00:00Z", "2026-01-01T00:00:00Z")).toEqual([
      ["Jan", "Jul", "Jan", "Jul", "Jan", "Jul", "Jan", "Jul", "Jan", "Jul", "Jan"],
      ["2021", "2022", "2023", "2024", "2025", "2026"],
    ]);
    expect(labels("2024-02-26T00:00:00Z", "2024-03-04T00:00:00Z")).toEqual([
      ["Mon 26", "Tue 27", "Wed 28", "Thu 29", "Fri 1", "Sat 2", "Sun 3", "Mon 4"],
      ["Feb 2024", "Mar 2024"],
    ]);
    const [hours, days] = labels("2026-05-04T20:00:00Z", "2026-05-05T04:00:00Z");
    expect(hours).toEqual([
      "20:00",
      "21:00",
      "22:00",
      "23:00",
      "00:00",
      "01:00",
      "02:00",
      "03:00",
      "04:00",
    ]);
    expect(days).toEqual(["Mon 4 May 2026", "Tue 5 May 2026"]);
    expect(labels("2026-05-04T07:12:00Z", "2026-05-04T07:12:20Z")[0]).toContain("07:12:05");
  });

  it("has ticks for any time that a file can claim", () => {
    for (const [from, to] of [
      ["0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"],
      ["9999-12-30T00:00:00Z", "9999-12-31T00:00:00Z"],
      ["0001-01-01T00:00:00Z", "0001-01-01T00:00:30Z"],
    ] as const) {
      const { ticks } = axis(at(from), at(to), 1000);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThan(40);
    }
  });

  it("has bars that begin on round times, weeks on Mondays", () => {
    const week = stepFor(DAY / 2, 10);
    expect(week.name).toBe("1 week");
    const begin = floorTo(at("2026-05-07T12:00:00Z"), week);
    expect(new Date(begin * 1000).toUTCString()).toContain("Mon, 04 May 2026");
    expect(barInWords(begin, week)).toBe("4 May 2026 to 10 May 2026");
  });

  it("has the names and the order of the language in use", async () => {
    vi.resetModules();
    const { speak } = await import("../src/words/words");
    await speak("de");
    const time = await import("../src/history/time");
    const { ticks, spans } = time.axis(at("2024-02-28T00:00:00Z"), at("2024-03-02T00:00:00Z"), 300);
    expect(ticks.map(({ label }) => label)).toEqual(["Mi. 28.", "Do. 29.", "Fr. 1.", "Sa. 2."]);
    expect(spans.map(({ label }) => label)).toEqual(["Feb. 2024", "März 2024"]);
    expect(time.momentInWords(at("2026-03-04T07:12:00Z"))).toBe("4. März 2026, 07:12:00");
    expect(time.barInWords(at("2026-05-04T07:00:00Z"), time.stepFor(360, 10))).toBe(
      "4. Mai 2026, 1 Stunde ab 07:00",
    );
    await speak("en");
  });

  it("is read as a person writes it, and not otherwise", () => {
    expect(read("2026-05-04", "first")).toBe(at("2026-05-04T00:00:00Z"));
    expect(read("2026-05-04", "last")).toBe(at("2026-05-04T23:59:59Z"));
    expect(read(" 2026-05-04 07:12 ", "last")).toBe(at("2026-05-04T07:12:00Z"));
    expect(read("2026-05-04T07:12:31Z", "first")).toBe(at("2026-05-04T07:12:31Z"));
    for (const wrong of ["", "May", "2026-02-30", "2026-05-04 25:00", "04.05.2026"]) {
      expect(read(wrong, "first")).toBeNull();
    }
    expect(written(at("2026-05-04T07:12:31Z"), 60)).toBe("2026-05-04 07:12:31");
    expect(written(at("2026-05-04T07:12:31Z"), 300 * DAY)).toBe("2026-05-04");
  });

  it("is stretched about a moment, within bounds", () => {
    expect(zoomed([0, 100], 25, 0.5, [1, 1000])).toEqual([12.5, 62.5]);
    expect(zoomed([0, 100], 50, 0.0001, [20, 1000])).toEqual([40, 60]);
    expect(zoomed([0, 100], 50, 1e9, [20, 1000])).toEqual([-450, 550]);
  });

  it("has scales that end on round numbers", () => {
    expect([1, 3, 7, 11, 340, 46_812].map(roundUp)).toEqual([1, 3, 8, 20, 400, 50_000]);
  });
});
