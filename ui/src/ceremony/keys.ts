import type { KeyOption, KeyRef } from "../ipc/bindings";

/** The name of a key for comparing: two keys with the same name are the same key. */
export function keyName(key: KeyRef): string {
  return JSON.stringify(key);
}

/** What is offered under this name; null if the key is not there. */
export function optionNamed(keys: KeyOption[], name: string | null): KeyOption | null {
  return keys.find(({ key }) => keyName(key) === name) ?? null;
}

/** What is offered of this key; null if it is not there. */
export function optionOf(keys: KeyOption[], key: KeyRef | undefined): KeyOption | null {
  return key ? optionNamed(keys, keyName(key)) : null;
}
