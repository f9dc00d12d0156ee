import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { speak } from "../src/words/words";

beforeAll(async () => {
  await speak("de");
  // What has words of its own is read only when the language is known, as in the window.
  await import("../src/frame/Palette.svelte");
  await import("../src/frame/acts");
}, 300_000);
afterAll(() => speak("en"));

/** The palette of a window that has just been opened. */
async function palette() {
  const { default: Palette } = await import("../src/frame/Palette.svelte");
  const { OpenEnvelope } = await import("../src/envelope/open.svelte");
  const { Sheets } = await import("../src/frame/sheets.svelte");
  const { Views } = await import("../src/frame/views.svelte");
  const { Picked } = await import("../src/queue/picked.svelte");
  const { Queue } = await import("../src/queue/queue.svelte");
  const { Station } = await import("../src/station.svelte");
  const { Acts } = await import("../src/frame/acts");
  const { Refusals } = await import("../src/frame/refusals.svelte");
  const { History } = await import("../src/history/history.svelte");
  const parts = {
    station: new Station(),
    views: new Views(),
    sheets: new Sheets(),
    queue: new Queue(),
    picked: new Picked(),
    envelope: new OpenEnvelope(),
  };
  const acts = new Acts({ ...parts, refusals: new Refusals(), signatures: new History() });
  const reach = {
    ...parts,
    acts,
    history: () => null,
    focusSearch: vi.fn(),
    leaveEnvelope: vi.fn(),
  };
  render(Palette, { reach, onclose: vi.fn() });
  return userEvent.setup();
}

it(
  "finds what can be done by German words, and says in German why it cannot",
  { timeout: 120_000 },
  async () => {
    const user = await palette();
    expect(screen.getByRole("group", { name: "Umschläge bearbeiten" })).toBeVisible();
    await user.keyboard("unterschreiben");
    const sign = screen.getByRole("option");
    expect(sign).toHaveTextContent(/^Signieren oder mitsignieren/);
    expect(sign).toHaveTextContent("Die Station hat noch nicht geantwortet.");
    await user.clear(screen.getByRole("combobox"));
    await user.keyboard("warteschlange");
    expect(screen.getByRole("option")).toHaveTextContent(
      "Sie sind schon in der Ansicht „Warteschlange“.",
    );
    await user.clear(screen.getByRole("combobox"));
    await user.keyboard("verzeichnis öffnen");
    expect(screen.getByRole("option")).toHaveTextContent(/Strg\+O/);
  },
);

it("marks keys in buttons as German keyboards do", async () => {
  const { default: Button } = await import("../src/kit/Button.svelte");
  const { createRawSnippet } = await import("svelte");
  const children = createRawSnippet(() => ({ render: () => "<span>Weiter</span>" }));
  render(Button, { hotkey: "Ctrl+Enter", children });
  expect(screen.getByRole("button", { name: "Weiter" })).toHaveTextContent("Strg+Eingabe");
});
