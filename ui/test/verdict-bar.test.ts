import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import VerdictBar from "../src/envelope/VerdictBar.svelte";
import type { Acts } from "../src/frame/acts";
import { frameContext } from "../src/frame/context";
import type { EnvelopeView } from "../src/ipc/bindings";
import EnrolSigner from "../src/keys/EnrolSigner.svelte";
import { expectAccessible } from "./axe";
import { envelopeOf, FakeStation } from "./station";
import { withKeys } from "./station-keys";
import { english } from "./english";

let station: FakeStation;
const user = userEvent.setup();

beforeEach(() => {
  station = new FakeStation().install();
});

function show(change: Partial<EnvelopeView> = {}, readonly = false) {
  const envelope = { ...envelopeOf(station.fixture(1)), ...change };
  const acts = { sign: vi.fn(), register: vi.fn(), enrol: vi.fn() };
  const context = frameContext({ acts: acts as unknown as Acts });
  const shown = render(VerdictBar, { props: { envelope, readonly }, context });
  return { ...shown, acts, bar: screen.getByRole("region", { name: "Verdict" }) };
}

describe("the verdict bar", () => {
  it("opens with level, state and one sentence", async () => {
    const { bar } = show({
      level: 5,
      state: "in_progress",
      sentence: english("L5. A hardware key is missing."),
    });
    expect(bar).toHaveTextContent(/L5\s+in progress/);
    expect(within(bar).getByRole("status")).toHaveTextContent("L5. A hardware key is missing.");
    await expectAccessible(bar);
  });

  it("has a slot for each required signature, with person, kind of key and time", () => {
    const { bar } = show();
    const slots = within(bar).getByRole("list", { name: "Required signatures" });
    const [operator, witness] = within(slots).getAllByRole("listitem");
    expect(operator).toHaveTextContent(
      /operator\s+holds\s+mira\.k\s*, software key,\s+4 May 2026, 09:30, vouched for by/,
    );
    expect(witness).toHaveTextContent(/^\s*witness\s+waiting\s*$/);
  });

  it("says in a slot why a signature there does not count", () => {
    const why = "the key is unknown: it is not in the keyring";
    const by = envelopeOf(station.fixture(1)).slots[0]?.by;
    const { bar } = show({
      slots: [
        { role: "operator", state: "in_progress", by: by ? { ...by, why: english(why) } : null },
      ],
      more_slots: 3,
    });
    expect(within(bar).getByText("operator").closest("li")).toHaveAttribute("title", why);
    expect(bar).toHaveTextContent("and 3 more");
  });

  it.each([
    ["Sign…", "sign", { next: "sign", need: "operator", signatures: [] }],
    ["Co-sign as witness…", "sign", { next: "sign", need: "witness" }],
    ["Sign with a hardware key…", "sign", { next: "sign", need: "hardware key" }],
    ["Co-sign…", "sign", { next: "sign", need: "refusal" }],
    ["Register in the log…", "register", { next: "register", need: "log" }],
    ["Enrol the key…", "enrol", { next: "enrol", need: "accepted key" }],
  ] as const)("offers “%s”", async (name, act, change) => {
    const { acts } = show(change as unknown as Partial<EnvelopeView>);
    const buttons = screen.getAllByRole("button");
    expect(buttons).toHaveLength(1);
    await user.click(screen.getByRole("button", { name }));
    expect(acts[act]).toHaveBeenCalledOnce();
  });

  it("shows no button that can do nothing", () => {
    show({ next: "none", need: "authority" }).unmount();
    expect(screen.queryByRole("button")).toBeNull();
    show({}, true);
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("is red only if something contradicts", () => {
    const { bar, unmount } = show({ state: "open", level: null });
    expect(bar.querySelector(".contradicted")).toBeNull();
    unmount();
    expect(show({ state: "contradicted" }).bar.querySelector(".contradicted")).not.toBeNull();
  });
});

describe("the key of a signer who is not in the keyring", () => {
  it("is enrolled once its fingerprint is compared", async () => {
    withKeys(station);
    const signed = {
      public_key: "MCowBQYDK2VwAyEAq",
      fingerprint: "ab".repeat(32),
      key_id: "acme-2026-01",
      signer_id: "a.acme",
      role: "operator" as const,
    };
    const onenrolled = vi.fn();
    render(EnrolSigner, { signed, onclose: vi.fn(), onenrolled });
    const dialog = await screen.findByRole("dialog", { name: "Enrol the key of a.acme" });
    expect(screen.getByLabelText(/^Key id/)).toHaveValue("acme-2026-01");
    expect(screen.getByLabelText(/^Owner/)).toHaveValue("a.acme");
    expect(screen.getByRole("checkbox", { name: "Operator" })).toBeChecked();
    await user.click(screen.getByRole("radio", { name: /^Software/ }));
    // What it changes is shown before the fingerprint is compared.
    expect(await screen.findByText(/^Nothing changes/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Enrol key" }));
    expect(dialog).toHaveTextContent("Compare the fingerprint first.");
    expect(station.callsOf("key_enrol")).toEqual([]);
    await user.click(screen.getByRole("checkbox", { name: /fingerprint that the signer told me/ }));
    await user.click(screen.getByRole("button", { name: "Enrol key" }));
    expect(station.callsOf("key_enrol")).toMatchObject([
      { request: { source: signed.public_key, key_id: "acme-2026-01", roles: ["operator"] } },
    ]);
    await expectAccessible(dialog);
  });
});
