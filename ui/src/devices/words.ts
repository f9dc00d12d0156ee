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

/** The name of a device among several: "YubiKey 12345678", "PIV card 1a2b3c4d". */
export function calledOf({ name, called, serial, card_id }: DeviceView): string {
  return said(serial === null && card_id === null ? name : called);
}

/** Whether the keys of a device can be enrolled: something says which device it is. */
export function enrollable({ kind, serial, card }: DeviceView): boolean {
  return kind === "yubikey" ? serial !== null : card !== null;
}

/** Whether a device is a PIV card that was read, a YubiKey or another. */
export function isReadable({ kind, problem }: DeviceView): boolean {
  return (kind === "yubikey" || kind === "piv_card") && !problem;
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

/** The tokens that hold something that no device above them shows: not the same card once more. */
export function furtherTokensOf(modules: ModuleView[]): ModuleToken[] {
  const isSame = ({ keys }: TokenView) => keys.length > 0 && keys.every((key) => key.same_as);
  return tokensOf(modules).filter(({ token }) => !isSame(token));
}

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
  const tokens = furtherTokensOf(modules).map(({ id, token }) => ({
    id,
    kind: "other" as const,
    name: t("token-named", { name: tokenCalled(token) }),
    serial: null,
  }));
  const named = (device: DeviceView) => (device.card_id ? calledOf(device) : said(device.name));
  return [...devices.map((device) => ({ ...device, name: named(device) })), ...tokens];
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
  const holds = ({ card, keys }: DeviceView) =>
    JSON.stringify(card) === JSON.stringify(token) &&
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
