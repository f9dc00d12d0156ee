import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import App from "../src/App.svelte";
import type { StationView } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { actOf, ENTRY, failure, FakeStation, type Fixture, fixtures } from "./station";

let station: FakeStation;

const MIRA = { name: "mira.k", is_plugged_in: false };
const WEBER = { name: "m.weber", is_plugged_in: true };

async function open(view: Partial<StationView> = {}, envelopes: Fixture[] = fixtures()) {
  document.documentElement.lang = "en";
  document.title = "Countersign";
  station = new FakeStation(envelopes, view).install();
  render(App);
  await screen.findAllByRole("option");
  return userEvent.setup();
}

const rows = () => screen.getAllByRole("option");
const shown = () =>
  within(screen.getByRole("group", { name: "Show" })).getByRole("button", { pressed: true });
const heading = () => screen.findByRole("heading", { level: 2 });

it("opens on what this person can do, grouped, and reads the first of it", async () => {
  await open({ people_at_hand: [MIRA] });
  await waitFor(() => expect(shown()).toHaveTextContent("For you"));
  const mine = fixtures().filter((one) => actOf(one));
  await waitFor(() => expect(rows()).toHaveLength(mine.length));
  for (const group of ["Sign or refuse", "Register in the log"])
    expect(screen.getByText(group)).toBeVisible();
  await waitFor(async () => expect(await heading()).toHaveTextContent("Raise the settlement"));
  await expectAccessible();
});

it("shows nothing else first, and no tab as chosen", async () => {
  document.documentElement.lang = "en";
  station = new FakeStation(fixtures(), {
    people_at_hand: [MIRA],
    progress: { doing: "judging", done: 0, total: 9 },
  }).install();
  const seen = new Set<string>();
  const watching = new MutationObserver(() => {
    for (const tab of document.querySelectorAll(".shows [aria-pressed=true]"))
      seen.add(tab.textContent.replace(/\W*\d*\s*$/u, "").trim());
    const rows = document.querySelectorAll("[role=option]").length;
    if (rows > 0) seen.add(`${rows} rows`);
  });
  watching.observe(document.body, { subtree: true, childList: true, attributes: true });
  render(App);
  await waitFor(() => expect(shown()).toHaveTextContent("For you"));
  await waitFor(async () => expect(await heading()).toHaveTextContent("Raise the settlement"));
  watching.disconnect();
  const mine = fixtures().filter((one) => actOf(one));
  expect([...seen].sort()).toEqual([`${mine.length} rows`, "For you"]);
});

it("opens on everything and reads the first if no key is at hand", async () => {
  await open();
  expect(shown()).toHaveTextContent("All");
  await waitFor(async () => expect(await heading()).toHaveTextContent("Raise the settlement"));
});

it("says what is missing if there is nothing for this person", async () => {
  const user = await open();
  await user.click(screen.getByRole("button", { name: /For you/ }));
  expect(await screen.findByText("Nothing for you now")).toBeVisible();
  expect(screen.getByText(/Plug in your YubiKey/)).toBeVisible();
});

it("shows the queue of the witness whose key is plugged in, and leaves open what is read", async () => {
  const user = await open({ people_at_hand: [MIRA] });
  await waitFor(() => expect(shown()).toHaveTextContent("For you"));
  await user.click(screen.getByRole("button", { name: "All" }));
  await user.click(await screen.findByText("Extend the audit window"));
  await waitFor(async () => expect(await heading()).toHaveTextContent("Extend the audit window"));
  station.tell({ people_at_hand: [MIRA, WEBER] });
  await waitFor(() => expect(shown()).toHaveTextContent("For you"));
  expect(screen.getByLabelText("For whom")).toHaveValue("m.weber");
  expect(await heading()).toHaveTextContent("Extend the audit window");
});

it("registers what is selected after one confirmation, and leaves out what cannot be", async () => {
  const user = await open();
  station.answer("register_look", ({ id }: { id: number }) => {
    if (id !== 4) throw failure("unsigned", "Only a signed run is registered.", "Sign it first.");
    return ENTRY;
  });
  await user.keyboard("{Control>}a{/Control}");
  await user.click(await screen.findByRole("button", { name: /Register…/ }));
  const sheet = within(await screen.findByRole("dialog", { name: /in the log/ }));
  expect(await sheet.findByText("This cannot be undone")).toBeVisible();
  expect(sheet.getByText("Left out: 10 envelopes")).toBeVisible();
  await expectAccessible(screen.getByRole("dialog"));
  expect(station.callsOf("register")).toEqual([]);
  await user.click(sheet.getByRole("button", { name: "Register 1 envelope" }));
  expect(await sheet.findByText("1 of 1 envelope registered.")).toBeVisible();
  expect(station.callsOf("register")).toEqual([{ id: 4, confirmation: ENTRY.confirmation }]);
  await user.click(sheet.getAllByRole("button", { name: "Close" })[0] as HTMLElement);
  await waitFor(() => expect(screen.queryByText("11 selected")).toBeNull());
});
