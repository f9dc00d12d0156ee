import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { age, fullDate } from "../src/kit/clock.svelte";
import { figure, size, withShortPath } from "../src/kit/words";

describe("words", () => {
  it("count with thin spaces", () => {
    expect(figure(7)).toBe("7");
    expect(figure(1234567)).toBe("1\u202f234\u202f567");
    expect(size(900)).toBe("900 bytes");
    expect(size(18_432)).toBe("18.0 KiB");
  });

  it("tell ages in short", () => {
    const now = Date.parse("2026-05-04T10:30:00Z");
    const ages: [string, string][] = [
      ["2026-05-04T10:29:40Z", "now"],
      ["2026-05-04T10:18:00Z", "12 min"],
      ["2026-05-04T07:26:00Z", "3 h"],
      ["2026-04-22T10:00:00Z", "12 d"],
      ["2023-04-22T10:00:00Z", "3 y"],
      ["2026-05-04T11:00:00Z", "in the future"],
    ];
    for (const [then, said] of ages) expect(age(Date.parse(then), now)).toBe(said);
  });

  it("cut the path that a sentence begins with, where there is little room", () => {
    const path = "/srv/sealed runs/transparency_log.ndjson";
    expect(withShortPath(`L2. ${path}: the log was truncated: it had 5`)).toBe(
      "L2. …/transparency_log.ndjson: the log was truncated: it had 5",
    );
    for (const whole of ["L5. A key at /srv/a is missing: take it.", "/srv/log.ndjson: it is cut"])
      expect(withShortPath(whole)).toBe(whole);
  });

  it("leave text that is not a date unchanged", () => {
    expect(fullDate("yesterday")).toBe("yesterday");
    expect(fullDate("2026-05-04T07:12:00Z")).toBe("4 May 2026, 07:12:00 UTC");
  });
});

describe("colours", () => {
  const css = readFileSync(`${import.meta.dirname}/../src/kit/tokens.css`, "utf8");
  const pairs = new Map(
    [...css.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
      ([, name, light, dark]) => [name, [light, dark]] as const,
    ),
  );

  function luminance(hex: string): number {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(ink: string, ground: string, theme: 0 | 1): number {
    const [a, b] = [ink, ground].map((name) => luminance(pairs.get(name)?.[theme] ?? "#000000"));
    const [high, low] = [Math.max(a ?? 0, b ?? 0), Math.min(a ?? 0, b ?? 0)];
    return (high + 0.05) / (low + 0.05);
  }

  const text: [string, string[]][] = [
    [
      "ink",
      ["surface", "surface-2", "surface-3", "accent-soft", "good-soft", "bad-soft", "warn-soft"],
    ],
    [
      "ink-2",
      ["surface", "surface-2", "surface-3", "accent-soft", "good-soft", "bad-soft", "warn-soft"],
    ],
    ["ink-3", ["surface", "surface-2", "surface-3", "accent-soft", "good-soft"]],
    ["accent", ["surface", "surface-2", "surface-3", "accent-soft", "good-soft"]],
    ["accent-2", ["accent-soft"]],
    ["accent-ink", ["accent", "accent-2"]],
    ["good", ["surface", "surface-2", "surface-3", "good-soft"]],
    ["bad", ["surface", "surface-2", "surface-3", "bad-soft", "accent-soft"]],
    ["warn", ["surface", "surface-2", "surface-3", "warn-soft", "accent-soft"]],
  ];

  it.each(["light", "dark"])("can be read in %s", (name) => {
    const theme = name === "light" ? 0 : 1;
    for (const [ink, grounds] of text) {
      for (const ground of grounds) {
        expect(contrast(ink, ground, theme), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const ground of ["surface", "surface-2"]) {
      for (const edge of ["line-strong", "focus"]) {
        expect(contrast(edge, ground, theme), `${edge} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
    }
  });
});
