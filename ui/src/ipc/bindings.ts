// DRAFT of what will be generated from Rust (tauri-specta). Same names, same shapes.
import { invoke as __TAURI_INVOKE } from "@tauri-apps/api/core";
import * as __TAURI_EVENT from "@tauri-apps/api/event";

export const commands = {
	/** What the station is doing: directory, progress, troubles. */
	station: () => typedError<StationView, Failure>(__TAURI_INVOKE("station")),
	/** Asks for a directory with the system's dialog; null where the person cancels. */
	pickDirectory: () => typedError<string | null, Failure>(__TAURI_INVOKE("pick_directory")),
	/** Asks for a file with the system's dialog; null where the person cancels. */
	pickFile: (purpose: FilePurpose) => typedError<string | null, Failure>(__TAURI_INVOKE("pick_file", { purpose })),
	/** Opens a directory (of a file that is dropped: the one that it stands in). */
	openDirectory: (path: string) => typedError<null, Failure>(__TAURI_INVOKE("open_directory", { path })),
	/** Compares the directory again, from nothing. */
	compareAgain: () => typedError<null, Failure>(__TAURI_INVOKE("compare_again")),
	/** Breaks off the reading and judging that is under way; `compareAgain` goes on. */
	stopWork: () => typedError<null, Failure>(__TAURI_INVOKE("stop_work")),
	/** Some rows of the queue. `anchor` is the id of a row whose place is wanted. */
	queueWindow: (query: QueueQuery, first: number, count: number, anchor: number | null) => typedError<QueueWindow, Failure>(__TAURI_INVOKE("queue_window", { query, first, count, anchor })),
	/** One envelope in full. */
	envelope: (id: number) => typedError<EnvelopeView, Failure>(__TAURI_INVOKE("envelope", { id })),
	/** Some lines of a file of an envelope, as text, hidden characters made visible. */
	rawLines: (id: number, part: RawPart, first: number, count: number) => typedError<RawLines, Failure>(__TAURI_INVOKE("raw_lines", { id, part, first, count })),
	/** Registers a run in the transparency log. */
	register: (id: number) => typedError<string, Failure>(__TAURI_INVOKE("register", { id })),
	/** Begins a ceremony: reads the run and its manifest. */
	ceremonyBegin: (id: number) => typedError<CeremonyView, Failure>(__TAURI_INVOKE("ceremony_begin", { id })),
	/** Some lines of what is being signed, from the very buffer that is hashed. */
	ceremonyRawLines: (part: RawPart, first: number, count: number) => typedError<RawLines, Failure>(__TAURI_INVOKE("ceremony_raw_lines", { part, first, count })),
	/** The person has read; on to the choice of key. */
	ceremonyHaveRead: () => typedError<CeremonyView, Failure>(__TAURI_INVOKE("ceremony_have_read")),
	/** Key, name, role and terms are chosen. */
	ceremonyChoose: (choice: CeremonyChoice) => typedError<CeremonyView, Failure>(__TAURI_INVOKE("ceremony_choose", { choice })),
	/** The passphrase or PIN; used once. */
	ceremonySecret: (secret: string) => typedError<CeremonyView, Failure>(__TAURI_INVOKE("ceremony_secret", { secret })),
	/** One step back: from the secret to the choice, from the choice to the reading. */
	ceremonyBack: () => typedError<CeremonyView, Failure>(__TAURI_INVOKE("ceremony_back")),
	/** Breaks off, or closes when done or refused. */
	ceremonyCancel: () => typedError<null, Failure>(__TAURI_INVOKE("ceremony_cancel")),
	/** The keyring. */
	keys: () => typedError<KeysView, Failure>(__TAURI_INVOKE("keys")),
	/** Enrols a public key. */
	keyEnrol: (request: EnrolRequest) => typedError<KeysView, Failure>(__TAURI_INVOKE("key_enrol", { request })),
	/** Makes a software key in an encrypted file, enrols it, and adds a signer profile for it. */
	keyCreate: (request: CreateKeyRequest, passphrase: string) => typedError<KeysView, Failure>(__TAURI_INVOKE("key_create", { request, passphrase })),
	/** Revokes a key from now on. */
	keyRevoke: (keyId: string, reason: string) => typedError<KeysView, Failure>(__TAURI_INVOKE("key_revoke", { keyId, reason })),
	/** The settings and what is wrong with them. */
	settings: () => typedError<SettingsView, Failure>(__TAURI_INVOKE("settings")),
	/** Keeps settings; refused whole where something in them is wrong. */
	settingsSave: (settings: Settings) => typedError<SettingsView, Failure>(__TAURI_INVOKE("settings_save", { settings })),
	/** Tries an external signer profile on a random digest before it may sign. */
	signerProbe: (signer: SignerProfile) => typedError<ProbeView, Failure>(__TAURI_INVOKE("signer_probe", { signer })),
};

export const events = {
	/** Directory, progress or troubles changed. */
	stationChanged: makeEvent<StationChanged>("station-changed"),
	/** Rows came, went or changed; at most ten a second. */
	queueChanged: makeEvent<QueueChanged>("queue-changed"),
	/** The ceremony is in another state. */
	ceremonyChanged: makeEvent<CeremonyChanged>("ceremony-changed"),
};

/** Why something was not done. */
export type Failure = { code: string; message: string; hint: string };

export type StationChanged = { station: StationView };
export type QueueChanged = { revision: number };
export type CeremonyChanged = { ceremony: CeremonyView };

export type FilePurpose = "public_key" | "key_file" | "new_key_file" | "keyring" | "log" | "ledger";

export type StationView = {
	/** The chosen directory; null where none is. */
	directory: string | null;
	/** Directories opened before, the last first. */
	recent: string[];
	/** Whether everything here is a demonstration. The passphrase of its keys is then "demo". */
	demo: boolean;
	presence: Presence;
	/** Reading and judging under way. */
	progress: Progress | null;
	/** The person broke the work off; what is shown may be incomplete. */
	stopped: boolean;
	/** What a person should know: unreadable parts, a keyring that cannot be read, settings that fell back. */
	troubles: Failure[];
	/** The signers of the settings, for the strip. */
	signers: SignerSummary[];
	theme: Theme;
};
/** "none": no directory chosen. "here": watched. "gone": it has disappeared (a stick was pulled); what is shown is what was last seen. */
export type Presence = "none" | "here" | "gone";
export type Progress = { doing: Work; done: number; total: number | null };
/** "searching" finds files, "comparing" holds the catalogue against the disk, "judging" verifies. */
export type Work = "searching" | "comparing" | "judging";
export type SignerSummary = { name: string; kind: SignerType; key_id: string; signer_id: string; /** In words: "key file operator.key.pem, asks for its passphrase", "external command kms-sign". */ about: string; /** Why it cannot sign now; null where it can. */ problem: string | null };
export type Theme = "system" | "light" | "dark";

export type Role = "operator" | "reviewer" | "witness" | "auditor";
export type SignerType = "software" | "hardware" | "external";
export type Assurance = "claimed" | "pinned" | "attested";
export type Trust = "pinned" | "embedded";
export type Standing = "valid" | "not_accepted" | "unchecked" | "invalid";
export type Outcome = "pass" | "fail" | "missing" | "unchecked" | "warn";

export type QueueQuery = { /** Words that all have to be found, in any case, in title, decision id, run id, path, signer or key id. */ text: string; show: QueueShow; level: LevelFilter; sort: QueueSort };
export type QueueShow = "all" | "pending" | "complete" | "trouble";
/** "any", "none" (not even L0) or "L0" … "L7". */
export type LevelFilter = "any" | "none" | "L0" | "L1" | "L2" | "L3" | "L4" | "L5" | "L6" | "L7";
/** "need": pending first, newest first in each. */
export type QueueSort = "need" | "newest" | "oldest" | "title" | "level";
export type QueueWindow = {
	revision: number;
	/** How many rows match. */
	total: number;
	/** How many envelopes there are, how many are pending. */
	all: number;
	pending: number;
	first: number;
	rows: QueueRow[];
	/** Where the anchor stands among those that match; null where it does not. */
	anchor_index: number | null;
	/** The anchor's own revision: when it differs from the envelope shown, fetch that again. */
	anchor_revision: number | null;
};
/** All texts are made visible already: plain text, to be shown as text. */
export type QueueRow = {
	id: number;
	revision: number;
	/** File name without ".json". */
	file: string;
	/** Sub-directory, "" at the top. */
	folder: string;
	decision_id: string;
	title: string;
	run_id: string;
	/** RFC 3339, UTC, when the decision was made, by the file's name where the run cannot be read. */
	created_at: string | null;
	/** 0 to 7; null where not even L0 holds. */
	level: number | null;
	assurance: Assurance | null;
	/** A dot each. */
	signatures: Dot[];
	counted: number;
	threshold: number;
	/** Needs a signature. */
	pending: boolean;
	/** One plain word: "operator", "witness", "manifest", "log", "sealing", "nothing", … */
	need: string;
	/** One sentence; null at L7. */
	missing: string | null;
	/** Why it cannot be read. */
	unreadable: string | null;
	warnings: number;
};
export type Dot = { kind: SignerType; standing: Standing };

/** A text that may have been cut: `total` characters in the file, of which `shown` has the first. */
export type LongText = { shown: string; total: number; cut: boolean };
export type Listing = { total: number; items: string[] };
export type RawPart = "run" | "manifest" | "run_signatures" | "manifest_signatures";
export type RawLines = { part: RawPart; first: number; total: number; lines: RawLine[] };
/** `number` is the line in the file, from 1; a line that is very long continues in several with `continues`. */
export type RawLine = { number: number; text: string; continues: boolean };

export type EnvelopeView = {
	id: number;
	revision: number;
	file: string;
	folder: string;
	/** The whole path, for copying. */
	path: string;
	unreadable: string | null;
	content: ContentView | null;
	level: number | null;
	assurance: Assurance | null;
	/** What the next level needs; null at L7. */
	missing: string | null;
	/** What this station can do about it. */
	next: NextAct;
	/** L0 to L7. */
	rungs: Rung[];
	signatures: SignatureView[];
	manifest_signatures: SignatureView[];
	counted: number;
	threshold: number;
	/** Roles that have to sign: operator and witness, and those that envelope and policy ask for. */
	required_roles: RequiredRole[];
	/** Log, ledger, Merkle facts. */
	facts: FactGroup[];
	warnings: string[];
	/** The files that are there. */
	files: FileFact[];
};
export type NextAct = "none" | "sign" | "register";
export type RequiredRole = { role: Role; signed_by: string | null };
export type Rung = { level: number; meaning: string; outcome: Outcome; /** "holds", "holds by itself", "fails", "missing", "cannot be checked here" */ word: string; checks: CheckView[] };
export type CheckView = { id: string; outcome: Outcome; required: boolean; detail: string };
export type SignatureView = {
	signer_id: string;
	role: Role | null;
	key_id: string;
	algorithm: string;
	signed_at: string | null;
	kind: SignerType | null;
	standing: Standing;
	/** In words: how it was verified, or why it does not count. */
	detail: string;
	assurance: Assurance | null;
	fingerprint: string | null;
	/** The command that verifies it without Countersign. */
	verify_with: string | null;
};
export type FactGroup = { title: string; outcome: Outcome; facts: Fact[] };
export type Fact = { label: string; value: string; /** A hash or id: monospace. */ code: boolean };
export type FileFact = { part: RawPart; name: string; bytes: number; sha256: string; lines: number };

/** What was decided, from the very bytes that are hashed. */
export type ContentView = {
	title: LongText;
	decision_id: string;
	status: string;
	/** "29.99 %", "" where there is none. */
	confidence: string;
	actor: string;
	actor_role: string;
	authority: string;
	policy: string;
	run_id: string;
	created_at: string;
	/** What the decision covers, list by list: "decisions", "claims", "datasets", "patches", "prompts". */
	scope: ScopeList[];
	gates: Gate[];
	gates_total: number;
	gates_failed: number;
	/** In words: "not triggered", "triggered: REASON". */
	refusal: string;
	refused: boolean;
	/** SHA-256 of the canonical bytes: what is signed. 64 hex digits. */
	digest: string;
	/** Content hash and commit hash, as recorded; and whether they hold. */
	content_hash: HashView;
	commit_hash: HashView;
};
export type HashView = { recorded: string; holds: boolean };
export type ScopeList = { name: string; list: Listing };
export type Gate = { gate: string; result: string; passed: boolean };

export type CeremonyView = {
	id: number;
	envelope: number;
	/** "Sign DEC-014" or, once role is chosen, "Co-sign DEC-014 as witness". */
	act: string;
	content: ContentView | null;
	/** The files that are signed, run and manifest, with the digest of the canonical bytes of each. */
	artifacts: ArtifactView[];
	warnings: string[];
	/** Who has signed already. */
	signatures: SignatureView[];
	/** What the person chose, once chosen. */
	choice: CeremonyChoice | null;
	/** What the envelope asks for: fixed by those who signed before, or to be set by this signature. */
	terms: TermsView;
	keys: KeyOption[];
	state: CeremonyState;
};
export type ArtifactView = { part: RawPart; name: string; digest: string; bytes: number; lines: number; canonical_bytes: number };
export type TermsView = { threshold: number; required_roles: Role[]; /** An envelope is there and its terms stand. */ fixed: boolean };
export type KeyOption = {
	/** Name of the signer profile. */
	signer: string;
	kind: SignerType;
	about: string;
	key_id: string;
	/** The keyring's owner, or the profile's name for the person. */
	signer_id: string;
	/** Roles that the keyring gives; all where the key is not in the keyring. */
	roles: Role[];
	/** Whether the keyring knows the key. */
	known: boolean;
	algorithm: string;
	/** What it will ask for: "passphrase", "nothing". */
	asks: string;
	/** Why this key cannot sign this envelope: has signed already, revoked, profile not probed, file missing. */
	problem: string | null;
};
export type CeremonyChoice = { signer: string; signer_id: string; role: Role; threshold: number; required_roles: Role[] };
export type CeremonyState =
	| { state: "reading" }
	| { state: "choosing" }
	| { state: "secret_needed"; secret: string; of: string; /** Only tokens count tries. */ tries_left: number | null; /** Why the last one was not taken. */ problem: string | null }
	| { state: "touch_needed"; seconds: number }
	| { state: "signing"; about: string; /** An external command is ended after so many. */ seconds: number | null }
	| { state: "verifying" }
	| { state: "writing" }
	| { state: "done"; written: string[]; level_before: number | null; level: number | null; assurance: Assurance | null; missing: string | null }
	| { state: "refused"; failure: Failure };

export type KeysView = { /** Where the keyring is. */ path: string; keys: KeyView[]; /** Why the keyring cannot be read. */ problem: Failure | null };
export type KeyView = {
	key_id: string;
	owner: string;
	roles: Role[];
	kind: SignerType;
	key_type: string;
	fingerprint: string;
	valid_from: string | null;
	valid_until: string | null;
	revoked_at: string | null;
	revocation_reason: string | null;
	added_at: string | null;
	/** Valid signatures by it in the open directory. */
	signatures_here: number;
	/** The signer profile of this station that holds it. */
	signer: string | null;
};
export type EnrolRequest = { /** A path to a public key, a .sig.json, or the key itself as PEM or base64. */ source: string; key_id: string; owner: string; roles: Role[]; kind: SignerType; valid_from: string | null; valid_until: string | null };
export type CreateKeyRequest = { path: string; key_id: string; owner: string; roles: Role[] };

export type Settings = {
	directory: string | null;
	recent: string[];
	keyring: string | null;
	log: string | null;
	ledger: string | null;
	policy: PolicySettings;
	theme: Theme;
	signers: SignerProfile[];
};
export type PolicySettings = { trust: Trust; min_threshold: number; required_roles: Role[]; assurance: Assurance };
export type SignerProfile = { name: string; key_id: string; signer_id: string; source: KeySource };
export type KeySource =
	| { source: "key_file"; path: string }
	| { source: "external"; command: string; algorithm: string; public_key: string; timeout_seconds: number; /** Set by a probe: which payload its signatures verify under. */ signed_payload: SignedPayload | null };
export type SignedPayload = "canonical_json" | "sha256" | "sha256_hex" | "sha256_hex_base64";
export type SettingsView = { settings: Settings; /** Defaults that apply where a path is null. */ default_keyring: string; /** What was wrong and fell back, in words. */ problems: Failure[]; /** Where the damaged file was kept. */ kept_aside: string | null };
export type ProbeView = { signed_payload: SignedPayload; deterministic: boolean; /** In words. */ found: string };

async function typedError<T, E>(result: Promise<T>): Promise<{ status: "ok"; data: T } | { status: "error"; error: E }> {
	try {
		return { status: "ok", data: await result };
	} catch (e) {
		if (e instanceof Error) throw e;
		return { status: "error", error: e as never };
	}
}

function makeEvent<T>(name: string) {
	return {
		listen: (cb: __TAURI_EVENT.EventCallback<T>) => __TAURI_EVENT.listen<T>(name, cb),
		once: (cb: __TAURI_EVENT.EventCallback<T>) => __TAURI_EVENT.once<T>(name, cb),
	};
}
