import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import Names from "../src/kit/Names.svelte";
import NameMark from "../src/kit/NameMark.svelte";
import RevocationLists from "../src/settings/RevocationLists.svelte";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { namesOf } from "./names-of";
import { FakeStation } from "./station";
import { LISTS, withRoots } from "./station-roots";

describe("the certificate beside a key", () => {
  it("says whether the names are proven, by word and by shape", () => {
    const seen = (["proven", "not_proven", "contradicted"] as const).map((standing) => {
      const { container } = render(NameMark, { names: namesOf(standing) });
      return {
        text: container.textContent?.trim(),
        mark: container.querySelector("span")?.className,
      };
    });
    expect(seen.map(({ text }) => text)).toEqual([
      "Name proven by a certificate",
      "Name by a certificate, not proven",
      "Certificate contradicted",
    ]);
    expect(new Set(seen.map(({ mark }) => mark)).size).toBe(3);
  });

  it("shows what proves the names, what is warned about, and the certificate itself", async () => {
    const warnings = [
      { kind: "expired_now" as const, words: english("The certificate has expired since.") },
    ];
    const { container } = render(Names, { names: namesOf("not_proven", { warnings }) });
    expect(screen.getByText(/the certificate's own word/)).toBeVisible();
    expect(screen.getByText("revocation not checked")).toBeVisible();
    expect(screen.getByText("The certificate has expired since.")).toBeVisible();
    await userEvent.click(screen.getByText("The certificate"));
    expect(screen.getByText("CN=Root")).toBeVisible();
    expect(screen.getByText("digitalSignature")).toBeVisible();
    expect(screen.getByText("2026-01-01 to 2028-01-01")).toBeVisible();
    await expectAccessible(container);
  });
});

describe("revocation lists", () => {
  it("are listed, added from a file and removed", async () => {
    const station = new FakeStation().install();
    withRoots(station);
    const { container } = render(RevocationLists);
    const list = within(await screen.findByRole("listitem"));
    expect(list.getByText("CN=Example CA")).toBeVisible();
    expect(list.getByText("Out of date")).toBeVisible();
    expect(list.getByText(/2 certificates revoked/)).toBeVisible();
    station.answer("pick_file", () => "/tmp/ca.crl");
    await userEvent.click(screen.getByRole("button", { name: "Add a revocation list…" }));
    expect(station.callsOf("revocation_list_add")).toEqual([{ path: "/tmp/ca.crl" }]);
    await userEvent.click(
      screen.getByRole("button", { name: "Remove the revocation list of CN=Example CA" }),
    );
    expect(station.callsOf("revocation_list_remove")).toEqual([{ sha256: LISTS.lists[0]?.sha256 }]);
    expect(await screen.findByText(/No lists yet/)).toBeVisible();
    await expectAccessible(container);
  });
});
