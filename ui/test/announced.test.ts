import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import Complete from "../src/review/Complete.svelte";
import Waiting from "../src/kit/Waiting.svelte";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { ALTERED, reviewOf } from "./station-review";

it("folds and unfolds with buttons that say so, nowhere with details elements", async () => {
  const src = join(import.meta.dirname, "../src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" });
  const views = files.filter((name) => name.endsWith(".svelte"));
  expect(views.length).toBeGreaterThan(100);
  for (const name of views) {
    const text = readFileSync(join(src, name), "utf8").replace(/<!--[^]*?-->/gu, "");
    expect(text.includes("<details"), name).toBe(false);
  }
  const faults = Array.from({ length: 30 }, (_, at) => ({
    file: `run-${at}.json`,
    why: english("is altered"),
  }));
  const { container } = render(Complete, { review: reviewOf("/pack", { ...ALTERED, faults }) });
  const user = userEvent.setup();
  const more = screen.getByRole("button", { expanded: false });
  expect(screen.queryByText(/run-29\.json/)).toBeNull();
  await user.click(more);
  expect(more).toHaveAttribute("aria-expanded", "true");
  expect(screen.getByText(/run-29\.json/)).toBeVisible();
  await expectAccessible(container);
});

it("announces what it waits for in a region that was there before", async () => {
  render(Waiting, { doing: "Packing" });
  const region = screen.getByRole("status");
  expect(region).toBeEmptyDOMElement();
  expect(await screen.findByText("Packing")).toBeVisible();
  expect(region).toHaveTextContent("Packing");
  expect(screen.getByRole("status")).toBe(region);
});
