import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import Strip from "../src/devices/Strip.svelte";
import type { SignerSummary } from "../src/ipc/bindings";
import { expectAccessible } from "./axe";
import { english } from "./english";
import { FakeStation } from "./station";

const calm = new FakeStation().view;
const kms: SignerSummary = {
  name: "kms-sign",
  kind: "external",
  key_id: "ds-prod-2026-07",
  signer_id: "kms-prod",
  about: english("external command kms-sign"),
  problem: english("It has not passed its probe."),
};

it("shows kind, name, key and source of each signer, or why it cannot sign", async () => {
  const station = { ...calm, signers: [...calm.signers, kms] };
  const { container } = render(Strip, { station, onkeys: vi.fn(), ondevice: vi.fn() });
  const signers = within(screen.getByRole("list", { name: "Signers" }));
  const [first, second] = signers.getAllByRole("listitem");
  expect(first).toHaveTextContent(
    /software key operator ds-prod-2026-05 key file operator.key.pem/,
  );
  expect(second).toHaveTextContent(/external signer kms-sign ds-prod-2026-07 It has not passed/);
  await expectAccessible(container);
});

it("leads to the keys if there is no signer", async () => {
  const onkeys = vi.fn();
  const { container } = render(Strip, {
    station: { ...calm, signers: [] },
    onkeys,
    ondevice: vi.fn(),
  });
  expect(screen.getByText(/No key yet/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: /Create a software key/ }));
  expect(onkeys).toHaveBeenCalledOnce();
  await expectAccessible(container);
});
