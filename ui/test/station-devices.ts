import type {
  DemoKeyView,
  DeviceEnrolRequest,
  DeviceKeyView,
  DevicesView,
  DeviceView,
  KeyOption,
  KeyRef,
  ModuleView,
  PinOutcome,
  TokenEnrolRequest,
  TokenKeyView,
  TokenView,
} from "../src/ipc/bindings";
import { attestation, ATTESTED, failure, type FakeStation, hex, UNKNOWN_ROOT } from "./station";
import type { FakeAct } from "./station-act";
import { english } from "./english";

/** A key of a device: that of slot 9c, attested and in the keyring, unless it is changed. */
export function slot(change: Partial<DeviceKeyView> = {}): DeviceKeyView {
  return {
    slot: "9c",
    slot_name: english("Digital Signature"),
    algorithm: "ecdsa-p256-sha256",
    key_type: english("ECC P-256"),
    pin_policy: english("once"),
    touch_policy: english("always"),
    origin: "generated",
    subject: "CN=j.okafor",
    expires: "2028-01-31T00:00:00Z",
    expired: false,
    fingerprint: hex(701),
    key_id: "ds-prod-2026-06",
    owner: "j.okafor",
    attestation: ATTESTED,
    names: null,
    asks: "PIN and touch",
    problem: null,
    ...change,
  };
}

/** A YubiKey with one key, unless it is changed. */
export function yubikey(change: Partial<DeviceView> = {}): DeviceView {
  const { id = "Yubico YubiKey OTP+FIDO+CCID 00 00", serial = 12345678 } = change;
  return {
    id,
    reader: "Yubico YubiKey OTP+FIDO+CCID 00 00",
    name: english("YubiKey 5C NFC"),
    called: english(serial === null ? `YubiKey in ${id}` : `YubiKey ${serial}`),
    kind: "yubikey",
    virtual_card: false,
    card: serial === null ? { reader: id } : { serial },
    serial,
    card_id: null,
    firmware: "5.7.4",
    pin_tries: 3,
    puk_tries: 3,
    warnings: [],
    keys: [slot()],
    problem: null,
    ...change,
  };
}

const bare = {
  card: null,
  serial: null,
  firmware: null,
  pin_tries: null,
  puk_tries: null,
  keys: [],
};

/** One device in every state. */
export const DEVICES = {
  calm: yubikey(),
  virtual: yubikey({
    id: "Virtual PCD 00 00",
    reader: "Virtual PCD 00 00",
    name: english("YubiKey 5"),
    serial: 99000001,
    virtual_card: true,
    keys: [
      slot({
        attestation: attestation(
          "verified",
          "generated on YubiKey 99000001, firmware 5.7.4, PIN once, touch always",
        ),
      }),
    ],
    warnings: [
      english(
        "The PIN is still the factory default (123456): whoever finds the key can sign; change it",
      ),
      english(
        "The management key is still the factory default: whoever finds the key can replace its keys; change it with ykman",
      ),
    ],
  }),
  many: yubikey({
    pin_tries: 2,
    keys: [
      slot(),
      slot({
        slot: "9a",
        slot_name: english("Authentication"),
        algorithm: "ed25519",
        key_type: english("Ed25519"),
        pin_policy: english("once"),
        touch_policy: english("cached"),
        key_id: null,
        owner: null,
        subject: null,
        expires: null,
        fingerprint: hex(702),
        attestation: UNKNOWN_ROOT,
      }),
      slot({
        slot: "9d",
        slot_name: english("Key Management"),
        algorithm: null,
        key_type: english("RSA 1024"),
        pin_policy: null,
        touch_policy: null,
        origin: "imported",
        key_id: null,
        owner: null,
        subject:
          "CN=Migration of the old settlement desk\\, second attempt,OU=Governance,O=Example Institute for Governed Decisions and their Review,L=Helsinki,C=FI",
        expires: "2021-06-30T00:00:00Z",
        expired: true,
        fingerprint: hex(703),
        attestation: attestation("none", "imported: not generated on the device"),
        asks: "PIN",
        problem: english("RSA of 1024 bits is too short to sign here; use a key of 2048 or more"),
      }),
      slot({
        slot: "82",
        slot_name: english("Retired 1"),
        algorithm: "rsa-pkcs1v15-sha256",
        key_type: english("RSA 4096"),
        pin_policy: english("never"),
        touch_policy: english("never"),
        key_id: null,
        owner: null,
        subject: null,
        expires: null,
        fingerprint: hex(704),
        attestation: attestation(
          "failed",
          "the attestation is about another key than that of the slot",
        ),
        asks: "nothing",
      }),
    ],
  }),
  lastTry: yubikey({ pin_tries: 1 }),
  blocked: yubikey({ pin_tries: 0 }),
  lost: yubikey({ pin_tries: 0, puk_tries: 0 }),
  empty: yubikey({ keys: [] }),
  reading: yubikey({ ...bare, name: english("Card"), kind: "reading" }),
  held: yubikey({
    ...bare,
    id: "Yubico YubiKey OTP+FIDO+CCID 01 00",
    reader: "Yubico YubiKey OTP+FIDO+CCID 01 00",
    name: english("YubiKey"),
    kind: "held",
    problem: failure(
      "held",
      "Another program holds it for itself, such as gpg's scdaemon",
      "Run gpgconf --kill scdaemon; this window will notice",
    ),
  }),
  other: yubikey({
    ...bare,
    id: "ACS ACR122U PICC Interface 00 00",
    reader: "ACS ACR122U PICC Interface 00 00",
    name: english("Another smart card"),
    kind: "other",
  }),
  card: yubikey({
    ...bare,
    id: "ACS ACR39U ICC Reader 00 00",
    reader: "ACS ACR39U ICC Reader 00 00",
    name: english("PIV card"),
    called: english("PIV card 99aabbcc"),
    kind: "piv_card",
    card: { card: "c0ffee00-1122-4344-8566-778899aabbcc" },
    card_id: "c0ffee00-1122-4344-8566-778899aabbcc",
    pin_tries: 2,
    keys: [
      slot({
        touch_policy: null,
        pin_policy: english("always"),
        origin: null,
        key_id: null,
        owner: null,
        attestation: null,
        asks: "PIN",
      }),
    ],
  }),
  long: yubikey({
    id: "Long",
    reader:
      "A Reader With A Name Of Its Own That Somebody At The Factory Thought Funny (Ser. 000042) 03 00",
    name: english("YubiKey 5C Nano FIPS Enterprise Edition For The Northern Desks"),
    serial: 4294967295,
    pin_tries: 1,
    warnings: [
      english(
        "The PUK is still the factory default (12345678): whoever finds the key can set a new PIN",
      ),
    ],
    keys: [
      slot({
        subject: `CN=${"A person of many names ".repeat(12)}`,
        key_id: "ds-production-of-the-northern-desks-2026-06-second-attempt",
        owner: "josephine.okafor-lindqvist.of.the.northern.desks",
        attestation: attestation(
          "failed",
          `the chain is broken at CN=${"Somebody Else ".repeat(16)}`,
        ),
      }),
    ],
  }),
  unreadable: yubikey({
    ...bare,
    id: "Gemalto PC Twin Reader 01 00",
    reader: "Gemalto PC Twin Reader 01 00",
    name: english("Card"),
    kind: "unreadable",
    problem: failure("card", "The card answers nothing", "Pull it out and insert it again"),
  }),
} satisfies Record<string, DeviceView>;

/** A key of a token, not in the keyring, unless it is changed. */
export function tokenKey(change: Partial<TokenKeyView> = {}): TokenKeyView {
  const id = change.id ?? "01";
  return {
    uri: `pkcs11:token=witness;object=signing;id=%${id}?module-path=/usr/lib/softhsm/libsofthsm2.so`,
    label: "signing",
    id,
    key_type: english("ECC P-256"),
    algorithms: ["ecdsa-p256-sha256"],
    kind: "software",
    kind_why: english("The module does not call the slot hardware (CKF_HW_SLOT is not set)."),
    shows_with_pin: false,
    origin: null,
    subject: null,
    expires: null,
    expired: false,
    names: null,
    fingerprint: hex(801),
    key_id: null,
    owner: null,
    same_as: null,
    asks: "PIN",
    problem: null,
    ...change,
  };
}

/** A token of SoftHSM2 with one key, unless it is changed. */
export function token(change: Partial<TokenView> = {}): TokenView {
  return {
    called: english(change.label ?? "witness"),
    label: "witness",
    serial: "1169a673112eccde",
    manufacturer: "SoftHSM project",
    model: "SoftHSM v2",
    slot: "288279774 SoftHSM slot ID 0x112eccde",
    hardware_slot: false,
    virtual_token: false,
    pin: english("all attempts left"),
    pin_tries: null,
    warnings: [],
    keys: [tokenKey()],
    problem: null,
    ...change,
  };
}

/** A module in use, with no token unless it is changed. */
export function moduleOf(change: Partial<ModuleView>): ModuleView {
  return {
    path: "/usr/lib/softhsm/libsofthsm2.so",
    name: "SoftHSM: Implementation of PKCS11 2.6",
    standing: "in_use",
    trust: "unlisted",
    problem: null,
    tokens: [token()],
    ...change,
  };
}

/** Modules in every state. */
export const MODULES = {
  soft: moduleOf({}),
  tpm: moduleOf({
    path: "/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so",
    name: "tpm2-software.github.io: TPM2.0 Cryptoki 1.9",
    tokens: [
      token({
        label: "tpm",
        serial: "0000000000000000",
        manufacturer: "IBM",
        model: "SW   TPM",
        slot: "1 tpm",
        hardware_slot: true,
        virtual_token: true,
        pin: english("1 attempt left"),
        pin_tries: 1,
        keys: [
          tokenKey({
            id: "02",
            label: "",
            key_type: english("RSA 2048"),
            shows_with_pin: true,
            kind_why: english(
              "Whether the key can leave the token shows only with the PIN; until then it counts as software.",
            ),
            fingerprint: hex(802),
          }),
        ],
      }),
    ],
  }),
  long: moduleOf({
    path: "/opt/a vendor with a long name/and a deep tree/lib64/pkcs11/libvendor-pkcs11-hsm-client-7.2.so",
    name: "A Vendor With A Long Name: Cryptoki For The Northern Desks 7.2",
    tokens: [
      token({
        label: "governance-witnesses-of-the-north",
        warnings: [english("Its PIN was wrong before; fewer attempts are left.")],
        pin: english("was wrong before; fewer attempts are left"),
        keys: [
          tokenKey({
            id: "ab".repeat(20),
            label: "signing-key-of-the-northern-desks-2026-06-second-attempt",
            kind: "hardware",
            kind_why: english(
              "A module on the list of known modules calls the slot hardware, and the key can neither be read nor leave it.",
            ),
            origin: "generated",
            subject: `CN=${"A person of many names ".repeat(6)}`,
            expires: "2021-06-30T00:00:00Z",
            expired: true,
            key_id: "ds-production-of-the-northern-desks-2026-06",
            owner: "josephine.okafor-lindqvist",
          }),
          tokenKey({
            id: "03",
            label: "old",
            key_type: english("EC"),
            algorithms: [],
            fingerprint: "",
            problem: english("This kind of key is not supported for signing."),
          }),
        ],
      }),
    ],
  }),
  broken: moduleOf({
    path: "/usr/lib/x86_64-linux-gnu/libykcs11.so",
    name: "libykcs11.so",
    standing: "unusable",
    problem: failure(
      "module",
      "/usr/lib/x86_64-linux-gnu/libykcs11.so: the library libykpiv.so.2 that it needs is not there",
      "Install the package that has it",
    ),
    tokens: [],
  }),
} satisfies Record<string, ModuleView>;

/** Why no device can be seen. */
export const NO_PCSCD = failure(
  "pcscd",
  "The smart card service pcscd is not running",
  "Start it with: sudo systemctl start pcscd.socket",
);

export function demoKey(change: Partial<DemoKeyView> = {}): DemoKeyView {
  return { inserted: false, blinking: false, pin: "123456", problem: null, ...change };
}

/** The name of the key in a slot of a device. */
export function keyIn({ id, card }: DeviceView, { slot }: DeviceKeyView): KeyRef {
  const token = card ?? { reader: id };
  return { holder: "piv", token, slot: parseInt(slot, 16) };
}

/** The keys of devices, as an act offers them. */
export function optionsOf(devices: DeviceView[]): KeyOption[] {
  return devices.flatMap((device) =>
    device.keys.map((key) => ({
      key: keyIn(device, key),
      kind: "hardware" as const,
      about: key.key_type,
      key_id: key.key_id ?? "",
      signer_id: key.owner ?? "",
      roles: ["witness", "auditor"] as KeyOption["roles"],
      known: key.key_id !== null,
      algorithm: key.algorithm ?? "ed25519",
      asks: key.asks,
      device: english(`${device.called.text} · slot ${key.slot}`),
      virtual_card: device.virtual_card,
      tries_left: device.pin_tries,
      attestation: key.attestation,
      names: key.names,
      warnings: device.warnings,
      problem: key.problem
        ? failure("not_signing", key.problem.text, "")
        : key.key_id === null
          ? failure("not_enrolled", "Not in the keyring", "Enrol it under Keys first")
          : null,
    })),
  );
}

/** The devices of the fake station: they come and go, and count attempts. */
export class FakeDevices {
  pin = "123456";
  puk = "12345678";

  constructor(
    readonly station: FakeStation,
    devices: DeviceView[] = [],
    readonly act: FakeAct | null = null,
  ) {
    this.show({ problem: null, devices });
    station.answer("devices_look_again", () => {
      this.show({ problem: null, devices: this.devices });
      return null;
    });
    station.answer("pin_change", (args: Record<string, unknown>) => this.#turn(args, "pin"));
    station.answer("puk_change", (args: Record<string, unknown>) => this.#turn(args, "puk"));
    station.answer("pin_unblock", (args: Record<string, unknown>) => this.#turn(args, "unblock"));
    station.answer("device_enrol", ({ request }: { request: DeviceEnrolRequest }) =>
      this.#enrol(request),
    );
    station.answer("token_enrol", ({ request }: { request: TokenEnrolRequest }) =>
      this.#enrolToken(request),
    );
    station.answer("demo_insert", () => this.#demo({ inserted: true }));
    station.answer("demo_pull", () => this.#demo({ inserted: false, blinking: false }));
    station.answer("demo_touch", () => this.#demo({ blinking: false }));
  }

  get devices(): DeviceView[] {
    return this.station.view.devices.devices;
  }

  show(devices: Omit<DevicesView, "modules"> & Partial<DevicesView>): void {
    this.station.tell({ devices: { modules: this.station.view.devices.modules, ...devices } });
  }

  insert(...devices: DeviceView[]): void {
    this.show({ problem: null, devices: [...this.devices, ...devices] });
  }

  pull(id: string): void {
    this.show({ problem: null, devices: this.devices.filter((one) => one.id !== id) });
  }

  /** A device changes. */
  change(serial: number, change: Partial<DeviceView>): void {
    const devices = this.devices.map((one) =>
      one.serial === serial ? { ...one, ...change } : one,
    );
    this.show({ problem: null, devices });
  }

  #turn(args: Record<string, unknown>, act: "pin" | "puk" | "unblock"): PinOutcome {
    // By their order: what the second secret is called on the way is not the window's to know.
    const [serial, current, fresh, confirmed] = Object.values(args) as [
      number,
      string,
      string,
      boolean,
    ];
    const device = this.devices.find((one) => one.serial === serial);
    if (!device) throw failure("gone", `YubiKey ${serial} is not plugged in`, "Insert it again");
    const of = act === "pin" ? "pin" : "puk";
    const field = of === "pin" ? "pin_tries" : "puk_tries";
    const tries = device[field] ?? 3;
    const name = of.toUpperCase();
    if (tries === 1 && !confirmed)
      throw failure("last_try", `This is the last try of the ${name}`, "Confirm it");
    if (current !== this[of]) {
      this.change(serial, { [field]: tries - 1 });
      return {
        done: false,
        problem: failure(
          "wrong",
          `The ${name} is wrong; ${tries - 1} tries left`,
          "Nothing was changed",
        ),
        tries_left: tries - 1,
      };
    }
    this[act === "puk" ? "puk" : "pin"] = fresh;
    this.change(serial, act === "unblock" ? { pin_tries: 3, puk_tries: 3 } : { [field]: 3 });
    return { done: true, problem: null, tries_left: 3 };
  }

  #enrol(request: DeviceEnrolRequest) {
    const isIt = ({ card }: DeviceView) => JSON.stringify(card) === JSON.stringify(request.card);
    const device = this.devices.find(isIt);
    if (!device) throw failure("gone", "The YubiKey was pulled out", "Insert it again");
    const { key_id, owner } = request;
    const keys = device.keys.map((key) =>
      key.slot === request.slot ? { ...key, key_id, owner } : key,
    );
    const devices = this.devices.map((one) => (isIt(one) ? { ...one, keys } : one));
    this.show({ problem: null, devices });
    return { path: "/home/mira/keyring.json", keys: [], problem: null };
  }

  #enrolToken({ uri, key_id, owner }: TokenEnrolRequest) {
    const { devices, modules } = this.station.view.devices;
    this.show({
      problem: null,
      devices,
      modules: modules.map((module) => ({
        ...module,
        tokens: module.tokens.map((token) => ({
          ...token,
          keys: token.keys.map((key) => (key.uri === uri ? { ...key, key_id, owner } : key)),
        })),
      })),
    });
    return { path: "/home/mira/keyring.json", keys: [], problem: null };
  }

  #demo(change: Partial<DemoKeyView>): null {
    const demo = { ...demoKey(), ...this.station.view.demo_key, ...change };
    this.station.tell({ demo_key: demo });
    if (change.inserted === true) this.insert(DEVICES.virtual);
    if (change.inserted === false) this.pull(DEVICES.virtual.id);
    const { act } = this;
    if (act && change.inserted !== undefined) {
      act.keys = [...act.keys.filter(({ device }) => device === null), ...optionsOf(this.devices)];
      if (act.view?.stage === "choosing") void act.tell({ keys: act.keys });
    }
    return null;
  }
}
