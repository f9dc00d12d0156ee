import type {
  DeviceKeyView,
  DevicesView,
  DeviceView,
  ModuleView,
  TokenKeyView,
  TokenView,
} from "../ipc/bindings";
import { counted, figure } from "../kit/words";

/** What a device is called where there may be several: "YubiKey 12 345 678". */
export function calledOf(device: DeviceView): string {
  return device.serial === null ? device.name : `YubiKey ${figure(device.serial)}`;
}

/** Where its keys are, in short: "slot 9c", "slot 9c and 2 more". */
export function slotsOf({ keys }: DeviceView): string {
  const [first, ...others] = keys;
  if (!first) return "no key";
  return `slot ${first.slot}${others.length > 0 ? ` and ${others.length} more` : ""}`;
}

/** A token, with the module that it is behind, and what tells it from others. */
export interface ModuleToken {
  id: string;
  module: ModuleView;
  token: TokenView;
}

/** A key of something that is plugged in, to be enrolled. */
export type PluggedInKey =
  { device: DeviceView; key: DeviceKeyView } | { token: TokenView; key: TokenKeyView };

/** The tokens of all modules. */
export function tokensOf(modules: ModuleView[]): ModuleToken[] {
  return modules.flatMap((module) =>
    module.tokens.map((token) => ({ id: `${module.path} ${token.slot}`, module, token })),
  );
}

/** What a token is called, unlike any other. */
export function tokenCalled({ called }: TokenView): string {
  return called;
}

/** What a key of a token is called. */
export function keyCalled({ label, id }: TokenKeyView): string {
  return label || (id ? `id ${id}` : "a key without a name");
}

/** All that is plugged in, as far as its coming and going is told. */
export function pluggedIn({ devices, modules }: DevicesView): Pluggable[] {
  const tokens = tokensOf(modules).map(({ id, token }) => ({
    id,
    kind: "other" as const,
    name: `Token ${tokenCalled(token)}`,
    serial: null,
  }));
  return [...devices, ...tokens];
}

export type Pluggable = Pick<DeviceView, "id" | "kind" | "name" | "serial">;

/** How many tries are left: "3 tries left", "blocked". */
export function triesLeft(tries: number): string {
  return tries === 0 ? "blocked" : `${counted(tries, "try", "tries")} left`;
}

/** What a ceremony calls the key of a slot. */
export function signerOf(device: DeviceView, key: DeviceKeyView): string {
  return `piv:${device.serial}:${key.slot}`;
}

/** The device whose key a ceremony calls so. */
export function deviceOf(devices: DeviceView[], signer: string | undefined): DeviceView | null {
  return (
    devices.find((device) => device.keys.some((key) => signerOf(device, key) === signer)) ?? null
  );
}

/** Why a PIN or PUK is none, before a device is asked: a wrong one costs a try (SP 800-73). */
export function misshapen(secret: string): string | null {
  const bytes = new TextEncoder().encode(secret).length;
  if (secret.length >= 6 && bytes <= 8) return null;
  return secret.length <= 8 && bytes > 8
    ? "6 to 8 characters; letters beyond a to z take the room of two or more."
    : "6 to 8 characters.";
}
