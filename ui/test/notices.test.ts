import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";

import App from "../src/App.svelte";
import { gathered } from "../src/envelope/warnings";
import type { Said } from "../src/ipc/bindings";
import Notice from "../src/kit/Notice.svelte";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { FakeStation, fixtures } from "./station";

afterEach(() => vi.restoreAllMocks());

const hint = createRawSnippet(() => ({ render: () => "<p>Restore the whole log.</p>" }));

describe("a notice of one line", () => {
  it("opens what does not fit over the window, by the keyboard", async () => {
    vi.spyOn(Element.prototype, "scrollWidth", "get").mockReturnValue(900);
    const { container } = render(Notice, {
      line: true,
      tone: "bad",
      title: "The log was cut",
      children: hint,
    });
    const user = userEvent.setup();
    await user.tab();
    expect(screen.getByRole("button", { name: "Details: The log was cut" })).toHaveFocus();
    await user.keyboard("{Enter}");
    const details = await screen.findByRole("dialog", { hidden: true });
    expect(details).toHaveAttribute("aria-label", "The log was cut");
    expect(details).toHaveTextContent("The log was cut Restore the whole log.");
    // It is not in the notice, which would grow.
    expect(container).not.toContainElement(details);
    await expectAccessible();
    await user.keyboard("{Escape}");
    expect(screen.getByRole("button", { name: /^Details/ })).toHaveFocus();
  });

  it("has no details if everything fits", () => {
    render(Notice, { line: true, title: "The log was cut", children: hint });
    expect(screen.getByRole("status")).toHaveTextContent("The log was cut Restore the whole log.");
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("notices of the window", () => {
  it("come below the views, so that what is read does not move", async () => {
    document.documentElement.lang = "en";
    const station = new FakeStation(fixtures(), {}).install();
    render(App);
    await screen.findByRole("listbox");
    station.tell({ conflict_copies: 2 });
    const footer = within(await screen.findByRole("contentinfo"));
    expect(await footer.findByText("2 conflict copies are here")).toBeVisible();
    expect(screen.getByRole("banner")).not.toHaveTextContent("conflict");
  });
});

describe("warnings of authorities whose certificates end", () => {
  const ends = (authority: string, until: string): Said => ({
    text: `The certificate of ${authority} ends ${until}.`,
    id: "time-stamp-ends",
    args: [
      { name: "authority", value: authority },
      { name: "until", value: until },
    ],
  });

  it("are one", () => {
    const [other, warning, ...rest] = gathered([
      english("A warning."),
      ends("CN=TSA 2", "2026-12-24T00:00:00Z"),
      ends("CN=TSA 1", "2026-12-12T00:00:00Z"),
      ends("CN=TSA 3", "2027-01-01T00:00:00Z"),
      ends("CN=TSA 1", "2026-12-12T00:00:00Z"),
    ]);
    expect(other).toEqual({ title: "A warning.", each: [] });
    expect(warning?.title).toBe(
      "The certificates of 3 time-stamping authorities end soon, the first on 2026-12-12: " +
        "renew their time stamps before then",
    );
    expect(warning?.each).toHaveLength(4);
    expect(rest).toEqual([]);
  });

  it("say themselves what one of them says", () => {
    expect(gathered([ends("CN=TSA 1", "2026-12-12")])).toEqual([
      { title: "The certificate of CN=TSA 1 ends 2026-12-12.", each: [] },
    ]);
  });
});
