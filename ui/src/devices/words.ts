import type { DeviceKeyView, DeviceView } from "../ipc/bindings";
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
