import type {
  DeviceKeyView,
  DevicesView,
  DeviceView,
  KeyRef,
  ModuleView,
  TokenKeyView,
  TokenView,
} from "../ipc/bindings";
import { said, t } from "../words/words";

/** The name of a device among several: "YubiKey 12345678". */
export function calledOf(device: DeviceView): string {
  return device.serial === null ? said(device.name) : `YubiKey ${device.serial}`;
}

/** The slots of its keys, in short: "slot 9c", "slot 9c and 2 more". */
export function slotsOf({ keys }: DeviceView): string {
  const [first, ...others] = keys;
  if (!first) return t("device-no-key");
  return t("device-slots", { slot: first.slot, others: others.length });
}

/** A token with its module and a unique id. */
export interface ModuleToken {
  id: string;
  module: ModuleView;
  token: TokenView;
}

/** A key on a device or token that can be enrolled. */
export type PluggedInKey =
  { device: DeviceView; key: DeviceKeyView } | { token: TokenView; key: TokenKeyView };

/** The tokens of all modules. */
export function tokensOf(modules: ModuleView[]): ModuleToken[] {
  return modules.flatMap((module) =>
    module.tokens.map((token) => ({ id: `${module.path} ${token.slot}`, module, token })),
  );
}

/** The unique name of a token. */
export function tokenCalled({ called }: TokenView): string {
  return said(called);
}

/** The name of a key on a token. */
export function keyCalled({ label, id }: TokenKeyView): string {
  return label || (id ? t("token-key-id", { id }) : t("token-key-unnamed"));
}

/** Everything that is plugged in, for announcing what comes and goes. */
export function pluggedIn({ devices, modules }: DevicesView): Pluggable[] {
  const tokens = tokensOf(modules).map(({ id, token }) => ({
    id,
    kind: "other" as const,
    name: t("token-named", { name: tokenCalled(token) }),
    serial: null,
  }));
  return [...devices.map((device) => ({ ...device, name: said(device.name) })), ...tokens];
}

export type Pluggable = Pick<DeviceView, "id" | "kind" | "serial"> & { name: string };

/** How many attempts are left: "3 attempts left", "blocked". */
export function triesLeft(tries: number): string {
  return t("tries-left", { tries });
}

/** The device that holds a key; null if it is not plugged in, or if no device holds the key. */
export function deviceOf(devices: DeviceView[], key: KeyRef | undefined): DeviceView | null {
  if (key?.holder !== "piv") return null;
  const { token, slot } = key;
  const holds = ({ id, serial, keys }: DeviceView) =>
    ("serial" in token ? serial === token.serial : id === token.reader) &&
    keys.some((one) => parseInt(one.slot, 16) === slot);
  return devices.find(holds) ?? null;
}

/**
 * Why text cannot be a PIN or PUK (SP 800-73). It is not sent then: a wrong one costs an attempt.
 */
export function misshapen(secret: string): string | null {
  const bytes = new TextEncoder().encode(secret).length;
  if (secret.length >= 6 && bytes <= 8) return null;
  return secret.length <= 8 && bytes > 8 ? t("pin-fresh.too-long") : t("pin-fresh.shape");
}
