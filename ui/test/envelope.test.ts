import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import Envelope from "../src/envelope/Envelope.svelte";
import Manifest from "../src/envelope/Manifest.svelte";
import SignatureCard from "../src/envelope/SignatureCard.svelte";
import { type Change, OpenEnvelope } from "../src/envelope/open.svelte";
import type { Acts } from "../src/frame/acts";
import { frameContext } from "../src/frame/context";
import type { EnvelopeView } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import {
  ATTESTED,
  envelopeOf,
  failure,
  FakeStation,
  type Fixture,
  fixtures,
  hex,
  REFUSED,
} from "./station";
import { english } from "./english";

let station: FakeStation;

beforeEach(() => {
  station = new FakeStation().install();
});

function show(id: number, change: Partial<EnvelopeView> = {}, changes: readonly Change[] = []) {
  const envelope = { ...envelopeOf(station.fixture(id)), ...change };
  const acts = {
    sign: vi.fn(),
    refuse: vi.fn(),
    register: vi.fn(),
    attach: vi.fn(),
    exportOpen: vi.fn(),
    pack: vi.fn(),
  };
  const props = {
    envelope,
    changes,
    gone: false,
    failure: null,
    readonly: false,
  };
  const context = frameContext({ acts: acts as unknown as Acts });
  return { ...render(Envelope, { props, context }), envelope, acts, user: userEvent.setup() };
}

describe("every state of an envelope", () => {
  it.each(fixtures())("$decision, needs $need: no accessibility violations", async ({ id }) => {
    const { container } = show(id);
    await screen.findByText("Raw JSON");
    await expectAccessible(container);
  });
});

describe("refusals", () => {
  it("are at the top, by word and shape, and a stranger's blocks nothing", async () => {
    const stranger = {
      ...REFUSED,
      standing: "not_accepted" as const,
      detail: english("the key is unknown"),
    };
    const { container } = show(1, {
      refusals: [REFUSED, stranger],
      warnings: [english("A warning.")],
    });
    const [first, second] = within(screen.getByRole("list", { name: "Refusals" })).getAllByRole(
      "listitem",
    );
    expect(first).toHaveTextContent("L4 does not hold while this stands");
    expect(first?.querySelector("svg")).not.toBeNull();
    expect(second).toHaveTextContent("blocks nothing: the key is unknown");
    const order = first?.compareDocumentPosition(screen.getByText("A warning."));
    expect(order).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    await expectAccessible(container);
  });

  it("can be made beside signing, but not during a review", async () => {
    const { acts, user, rerender, envelope } = show(1);
    await user.click(screen.getByRole("button", { name: "Refuse…" }));
    expect(acts.refuse).toHaveBeenCalledOnce();
    await rerender({ envelope, readonly: true });
    expect(screen.queryByRole("button", { name: "Refuse…" })).toBeNull();
  });
});

describe("what holds a key", () => {
  async function card(id: number, name: string) {
    const { user } = show(id);
    await user.click(screen.getByRole("button", { name: new RegExp(`^${name}`, "u") }));
    return screen.getByRole("article", { name: `Signature of ${name}` });
  }

  it.each([
    [
      "mira.k",
      /hardware key, attested by the key itself/,
      /Attested: generated on YubiKey 12345678/,
    ],
    [
      "j.okafor",
      /hardware key, pinned by the keyring/,
      /Attested by an unknown root: its chain ends at/,
    ],
  ])(
    "is shown on the signature of %s: the assurance and the attestation",
    async (name, ...says) => {
      const shown = await card(7, name);
      for (const words of says) expect(shown).toHaveTextContent(words);
    },
  );

  it("names known advisories, and what the policy requires and it lacks", async () => {
    const envelope = envelopeOf(station.fixture(7));
    const [signature] = envelope.signatures;
    if (!signature) throw new Error("the seventh envelope has a signature");
    signature.unmet = [english("the touch policy is never and the policy requires touch (always)")];
    signature.attestation = {
      ...ATTESTED,
      advisories: [
        {
          id: "YSA-2024-03",
          name: "EUCLEAK",
          cve: "CVE-2024-45678",
          date: "2024-09-03",
          source: "https://www.yubico.com/support/security-advisories/ysa-2024-03/",
          words: english("YSA-2024-03 (EUCLEAK, CVE-2024-45678, 2024-09-03) applies"),
        },
      ],
    };
    const { container } = render(SignatureCard, { signature });
    const shown = screen.getByRole("article", { name: `Signature of ${signature.signer_id}` });
    expect(shown).toHaveTextContent(/YSA-2024-03 \(EUCLEAK, CVE-2024-45678, 2024-09-03\) applies/);
    expect(shown).toHaveTextContent(/What the policy requires\s*the touch policy is never/);
    await expectAccessible(container);
  });

  it("shows the companion of a signature, by its state and in words", async () => {
    const envelope = envelopeOf(station.fixture(7));
    const [signature] = envelope.signatures;
    if (!signature) throw new Error("the seventh envelope has a signature");
    const words = english("also holds if elliptic curves are broken");
    signature.companion = { state: "holds", words, key_id: "pq-okafor" };
    const { container, rerender } = render(SignatureCard, { signature });
    const shown = screen.getByRole("article", { name: `Signature of ${signature.signer_id}` });
    expect(shown).toHaveTextContent(
      /Companion\s*also holds if elliptic curves are broken, pq-okafor/,
    );
    await expectAccessible(container);
    const other = english("its key belongs to m.reyes, another person");
    await rerender({
      signature: {
        ...signature,
        companion: { state: "contradicted", words: other, key_id: null },
      },
    });
    expect(shown).toHaveTextContent(/Companion\s*its key belongs to m.reyes/);
    expect(within(shown).getByLabelText("contradicted")).toBeVisible();
  });

  it("is never called attested on an operator's word", async () => {
    const shown = await card(6, "kms-prod");
    expect(shown).toHaveTextContent(/Shown by its operator, not attested: .*proves nothing/);
    expect(shown).not.toHaveTextContent(/attested by the key itself/);
  });

  it("is not called attested without an attestation", async () => {
    expect(await card(6, "mira.k")).not.toHaveTextContent(/attest/i);
  });
});

describe("a manifest", () => {
  const group = () => screen.getByRole("group", { name: /^Manifest/ });

  it("is shown, with whether it agrees with the run", () => {
    show(7);
    expect(group()).toHaveTextContent(/Manifest\s*agrees with the run/);
    expect(group()).toHaveTextContent(/data\/claims\.csv: 25/);
    expect(within(group()).queryByRole("alert")).toBeNull();
  });

  it("shows contradictions with the run first, and unknown fields", () => {
    const { manifest } = envelopeOf(fixtures()[0] as Fixture);
    if (!manifest) throw new Error("the first envelope has a manifest");
    manifest.differs = [english('The manifest says decision "DEC-2", the run says "DEC-1".')];
    manifest.other = [{ name: "title", value: "<b>Pay twice</b>" }];
    manifest.other_total = 1;
    render(Manifest, { manifest });
    expect(group()).toHaveTextContent(/Manifest\s*contradicts the run/);
    expect(group()).toHaveTextContent(/does not belong to this run.*DEC-2/);
    expect(group()).toHaveTextContent(/1 field that no manifest of this format has/);
    expect(group()).toHaveTextContent("<b>Pay twice</b>");
    expect(group().querySelector("b")).toBeNull();
  });
});
describe("a decision", () => {
  it("is always shown as text", () => {
    const { container } = show(8);
    const title = screen.getByRole("heading", { level: 2 });
    expect(title).toHaveTextContent('<img src=x onerror="alert(1)"><b>Approved</b> {{ 7*7 }}');
    expect(title).toHaveTextContent("\\u{202E}txt.exe");
    expect(container.querySelector("img, script, b b")).toBeNull();
  });

  it("says how much of a title of a megabyte it shows", () => {
    show(8);
    expect(screen.getByText(/Showing the first 600 of 1 048 576 characters/)).toBeVisible();
  });

  it("shows failed gates first, counts them, and all ten thousand without drawing them all", async () => {
    const { user, container } = show(8);
    expect(screen.getByText("37 of 10 000 failed")).toBeVisible();
    const gates = () => screen.getByRole("list", { name: "Gates" });
    expect(within(gates()).getAllByRole("listitem")).toHaveLength(20);
    expect(within(gates()).getAllByText("fail")).toHaveLength(20);
    await user.click(screen.getByRole("button", { name: /Show all 10\s000/ }));
    const all = screen.getByRole("region", { name: "Gates" });
    expect(within(all).getAllByRole("listitem").length).toBeLessThan(60);
    expect(within(all).getAllByRole("listitem")[0]).toHaveAttribute("aria-setsize", "10000");
    expect(container.querySelectorAll("*").length).toBeLessThan(2000);
  });

  it("says if gates were left out", () => {
    const envelope = envelopeOf(station.fixture(1));
    if (envelope.content) envelope.content.gates_total = 50_000;
    show(1, envelope);
    expect(screen.getByText(/49 997 more are not listed here/)).toBeVisible();
  });

  it("makes a refusal prominent", () => {
    show(3);
    const refusal = screen.getByText("The pipeline refused this decision.");
    expect(refusal).toHaveTextContent("triggered: CONFLICT_OF_AUTHORITY");
  });

  it("gives the digest in groups of four", () => {
    const { envelope } = show(1);
    const digest = screen.getByRole("group", { name: /What is signed/ });
    const groups = [...digest.querySelectorAll("code > span")].map((group) =>
      group.textContent.trim(),
    );
    expect(groups).toHaveLength(16);
    expect(groups.join("")).toBe(envelope.content?.digest);
  });

  it("says whether recorded hashes hold", () => {
    show(9);
    expect(screen.getByText("Content hash").parentElement).toHaveTextContent("does not hold");
    expect(screen.getByText("Commit hash").parentElement).toHaveTextContent(/hash holds/);
  });

  it("copies the digest", async () => {
    const { user, envelope } = show(1);
    await user.click(screen.getByRole("button", { name: /Copy: What is signed/ }));
    expect(await navigator.clipboard.readText()).toBe(envelope.content?.digest);
  });
});

describe("the ladder", () => {
  it("shows several checks of the same name, such as those of two attestations", async () => {
    const [first, ...others] = envelopeOf(station.fixture(7)).rungs;
    if (!first) throw new Error("there is no rung");
    const twice = ["first", "second"].map((detail) => ({
      id: "signer.attestation",
      outcome: "warn" as const,
      detail: english(`the ${detail} attestation`),
    }));
    const rung = { ...first, checks: twice.map((check) => ({ ...first.checks[0], ...check })) };
    const { user, container } = show(7, { rungs: [rung as typeof first, ...others] });
    await user.click(screen.getByRole("button", { name: /^L0/ }));
    expect(container).toHaveTextContent(/the first attestation.*the second attestation/);
  });

  it("has eight rungs that say how they stand and open to their checks", async () => {
    const { user, container } = show(1);
    const rungs = container.querySelectorAll("ol > li");
    expect(rungs).toHaveLength(8);
    expect(rungs[3]).toHaveTextContent(/L3.*registered in the transparency log.*holds/);
    expect(rungs[4]).toHaveTextContent(/L4.*waiting/);
    expect(rungs[5]).toHaveTextContent("would hold");
    expect(rungs[7]).toHaveTextContent("not checkable");
    const rung = screen.getByRole("button", { name: /^L4/ });
    expect(rung).toHaveAttribute("aria-expanded", "false");
    await user.click(rung);
    expect(rung).toHaveAttribute("aria-expanded", "true");
    expect(rungs[4]).toHaveTextContent("A witness has yet to sign");
  });
});

describe("signatures", () => {
  it("are one line each, which unfolds to how they were verified", async () => {
    const { user } = show(6);
    const line = screen.getByRole("button", {
      name: /^kms-prod witness .* external signer, pinned/,
    });
    expect(line).toHaveTextContent("valid");
    expect(line).toHaveTextContent("4 May 2026, 07:12");
    expect(screen.getByRole("button", { name: /^old.key/ })).toHaveTextContent("invalid");
    expect(screen.getByText("2 of 3 count")).toBeVisible();
    expect(screen.queryByRole("article", { name: /^Signature of/ })).toBeNull();
    await user.click(line);
    expect(line).toHaveAttribute("aria-expanded", "true");
    const card = screen.getByRole("article", { name: "Signature of kms-prod" });
    expect(card).toHaveTextContent("external signer, pinned by the keyring");
    expect(card).toHaveTextContent("ds-prod-2026-02");
    expect(card).toHaveTextContent("4 May 2026, 07:12:01 UTC");
    await user.click(line);
    expect(screen.queryByRole("article", { name: "Signature of kms-prod" })).toBeNull();
  });

  it("give the command that verifies without this program", async () => {
    const { user } = show(1);
    await user.click(screen.getByRole("button", { name: /^mira.k operator/ }));
    await user.click(screen.getByText("Verify elsewhere"));
    await user.click(screen.getByRole("button", { name: "Copy the command" }));
    expect(await navigator.clipboard.readText()).toMatch(/^openssl pkeyutl -verify/);
  });

  it("on the manifest are unfolded if one of them does not hold", () => {
    show(6);
    expect(
      screen.getByRole("button", { name: "On the manifest: 3, not all valid" }),
    ).toHaveAttribute("aria-expanded", "true");
  });
});

describe("raw JSON", () => {
  it("is drawn one screen at a time, with line numbers, and shows the hash of each file", async () => {
    const { user, envelope } = show(1);
    const raw = await screen.findByRole("region", { name: "Raw JSON, Run" });
    await waitFor(() => expect(within(raw).getByText("{")).toBeVisible());
    expect(within(raw).getByText(/"title": "Retire the legacy claims engine"/)).toBeVisible();
    expect(within(raw).getByText("3")).toBeVisible();
    expect(raw.querySelectorAll(".line").length).toBeLessThan(80);

    await user.click(screen.getByRole("tab", { name: "Manifest" }));
    expect(await screen.findByRole("region", { name: "Raw JSON, Manifest" })).toBeVisible();
    await waitFor(() =>
      expect(station.callsOf("raw_lines").at(-1)).toMatchObject({ id: 1, part: "manifest" }),
    );
    const digest = screen.getByRole("group", { name: /SHA-256 of the file/ });
    const sha256 = envelope.files.find(({ part }) => part === "manifest")?.sha256;
    expect(digest.querySelector("code")?.textContent.replace(/\s/g, "")).toBe(sha256);
  });

  it("fetches lines on scrolling", async () => {
    show(1);
    const raw = await screen.findByRole("region", { name: "Raw JSON, Run" });
    await waitFor(() => expect(within(raw).getByText("{")).toBeVisible());
    raw.scrollTop = 4000 * 20;
    raw.dispatchEvent(new Event("scroll"));
    expect(await within(raw).findByText(`"run_4005": "sha256:${hex(4005)}",`)).toBeVisible();
  });

  it("says why it cannot be shown", async () => {
    station.answer("raw_lines", () => {
      throw failure("not_found", "The file is not there any more.", "Compare the directory again.");
    });
    show(1);
    expect(await screen.findByText("The file is not there any more.")).toBeVisible();
  });
});

describe("an envelope that cannot be read", () => {
  it("says why, shows the raw file, and cannot be signed", async () => {
    show(10);
    expect(screen.getByText("This file cannot be read as a sealed run")).toBeVisible();
    expect(screen.getByText(/a string is not closed, line 14 column 9/)).toBeVisible();
    expect(screen.queryByRole("button", { name: /[Ss]ign/ })).toBeNull();
    expect(await screen.findByRole("region", { name: "Raw JSON, Run" })).toBeVisible();
  });
});

describe("an envelope that changes on disk while it is read", () => {
  it("shows its new content at the same place, and says that it changed", async () => {
    const { rerender, envelope, container, user } = show(1);
    await user.click(screen.getByRole("button", { name: /^mira.k operator/ }));
    const scroller = container.querySelector(".scroller") as HTMLElement;
    scroller.scrollTop = 333;
    const card = screen.getByRole("article", { name: "Signature of mira.k" });
    station.change(1, {
      level: 4,
      need: "nothing",
      missing: null,
      signed: [
        ["mira.k", "operator", "software"],
        ["j.okafor", "witness", "hardware"],
      ],
    });
    await rerender({
      envelope: envelopeOf(station.fixture(1)),
      changes: [{ at: Date.now(), cause: "disk" as const, revision: 2 }],
    });
    expect(envelope.signatures).toHaveLength(1);
    expect(screen.getByRole("button", { name: /^j.okafor witness/ })).toBeVisible();
    // What was unfolded stays so.
    expect(screen.getByRole("article", { name: "Signature of mira.k" })).toBe(card);
    expect(scroller.scrollTop).toBe(333);
    expect(screen.getByText("Changed on disk just now.")).toBeVisible();
  });

  it("begins at the top for another envelope", async () => {
    const { rerender, container } = show(1);
    const scroller = container.querySelector(".scroller") as HTMLElement;
    scroller.scrollTop = 333;
    await rerender({ envelope: envelopeOf(station.fixture(4)) });
    expect(scroller.scrollTop).toBe(0);
  });
});

describe("keeping up with the disk", () => {
  async function opened(id: number) {
    const open = new OpenEnvelope();
    const stop = open.follow();
    open.open(id);
    await vi.waitFor(() => expect(open.view?.id).toBe(id));
    return { open, stop };
  }

  it("fetches again what changed, and only that", async () => {
    const { open, stop } = await opened(1);
    station.change(2, { title: "Another" });
    station.change(1, { title: "Changed" });
    await vi.waitFor(() => expect(open.view?.content?.title.shown).toBe("Changed"));
    expect(open.changes).toHaveLength(1);
    const fetched = station.callsOf("envelope").length;
    station.change(2, { title: "And again" });
    await vi.waitFor(() => expect(station.callsOf("queue_window").length).toBeGreaterThan(2));
    expect(station.callsOf("envelope")).toHaveLength(fetched);
    stop();
  });

  it.each([
    ["disk", /^Changed on disk just now\.$/],
    ["own", /^Changed by you just now\.$/],
    ["rules", /^Judged again, because keys, policy or log changed, just now\.$/],
  ] as const)("says that it changed by %s", async (cause, words) => {
    const { open, stop } = await opened(1);
    station.cause = cause;
    station.change(1, { title: "Signed" });
    await vi.waitFor(() => expect(open.changes[0]?.cause).toBe(cause));
    stop();
    show(1, {}, open.changes);
    expect(screen.getByText(words)).toBeVisible();
  });

  it("still says that the disk changed after it was judged again", async () => {
    const { open, stop } = await opened(1);
    station.change(1, { title: "Tampered" });
    await vi.waitFor(() => expect(open.changes).toHaveLength(1));
    station.cause = "rules";
    station.change(1, { level: 1 });
    await vi.waitFor(() => expect(open.changes).toHaveLength(2));
    show(1, {}, open.changes);
    expect(screen.getByText(/^Changed on disk just now\. Judged again, /)).toBeVisible();
    open.open(2);
    await vi.waitFor(() => expect(open.view?.id).toBe(2));
    expect(open.changes).toHaveLength(0);
    stop();
  });

  it("does not announce a judgement that changed nothing, and still names one's own act", async () => {
    const { open, stop } = await opened(1);
    station.cause = "own";
    station.change(1, { title: "Signed" });
    await vi.waitFor(() => expect(open.changes).toHaveLength(1));
    station.rejudge(1);
    await vi.waitFor(() => expect(open.view?.revision).toBe(station.fixture(1).revision));
    expect(open.changes.map(({ cause }) => cause)).toEqual(["own"]);
    stop();
  });

  it("says that it is gone, and keeps its last state", async () => {
    const { open, stop } = await opened(1);
    station.vanish(1);
    await vi.waitFor(() => expect(open.gone).toBe(true));
    expect(open.view?.id).toBe(1);
    stop();
  });

  it("shows the last of many that were passed, and skips those in between", async () => {
    const { open, stop } = await opened(1);
    for (const { id } of fixtures()) open.open(id);
    await vi.waitFor(() => expect(open.view?.id).toBe(11));
    expect(station.callsOf("envelope").length).toBeLessThan(5);
    stop();
  });

  it("never shows one envelope in place of another that cannot be fetched", async () => {
    const { open, stop } = await opened(1);
    open.open(999);
    await vi.waitFor(() => expect(open.failure).not.toBeNull());
    expect(open.view).toBeNull();
    stop();
  });
});
