import { ask, problemOf } from "../ipc/ask";
import {
  commands,
  events,
  type Problem,
  type Settings,
  type SettingsView,
  type Theme,
} from "../ipc/bindings";

/** The settings as saved and as on screen. */
export class SettingsDraft {
  /** As saved. */
  view: SettingsView | null = $state.raw(null);
  /** As on screen. */
  draft: Settings | null = $state(null);
  /** Why they could not be fetched or saved. */
  failure: Problem | null = $state.raw(null);
  busy = $state(false);
  readonly changed: boolean = $derived.by(
    () => !!this.view && !!this.draft && !same(this.view.settings, $state.snapshot(this.draft)),
  );

  /** Follows the settings until the returned function is called. */
  follow(): () => void {
    void this.fetch();
    // After a directory was opened or a key created, unsaved changes stay.
    const listening = events.stationChanged.listen(() => {
      if (!this.changed && !this.busy) void this.fetch();
    });
    return () => void listening.then((stop) => stop());
  }

  async fetch(): Promise<void> {
    try {
      const view = await ask(commands.settings());
      if (!this.changed && !this.busy) this.#show(view);
    } catch (thrown) {
      this.failure = problemOf(thrown);
    }
  }

  discard(): void {
    if (this.view) this.#show(this.view);
  }

  /** Saves the changes. Returns whether that succeeded. */
  async save(): Promise<boolean> {
    const { view, draft } = this;
    if (!view || !draft) return false;
    return this.#keep((kept) => merged(view.settings, $state.snapshot(draft), kept));
  }

  /** Shows and saves a newly chosen theme at once, without other changes. */
  async keepTheme(): Promise<void> {
    if (!this.view || !this.draft) return;
    const draft = $state.snapshot(this.draft);
    const { theme } = draft;
    show(theme);
    if (await this.#keep((kept) => ({ ...kept, theme }))) {
      this.draft = draft;
    } else {
      this.draft.theme = this.view.settings.theme;
      show(this.draft.theme);
    }
  }

  async #keep(change: (kept: Settings) => Settings): Promise<boolean> {
    this.busy = true;
    this.failure = null;
    try {
      // The station may have changed them itself, for example by opening a directory.
      const { settings } = await ask(commands.settings());
      this.#show(await ask(commands.settingsSave(change(settings))));
      return true;
    } catch (thrown) {
      this.failure = problemOf(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #show(view: SettingsView) {
    this.view = view;
    this.draft = structuredClone(view.settings);
    this.failure = null;
  }
}

function show(theme: Theme) {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The saved settings with the changes of the person. */
function merged(before: Settings, draft: Settings, kept: Settings): Settings {
  const changed = Object.entries(draft).filter(
    ([name, value]) => !same(value, before[name as keyof Settings]),
  );
  return { ...kept, ...Object.fromEntries(changed) };
}

const FIELDS = ["directory", "keyring", "log", "ledger", "trust", "threshold", "signer"] as const;

/** The setting that a refusal is about, by its code; null if the code names none. */
export function fieldOf(failure: Problem | null): (typeof FIELDS)[number] | null {
  if (failure?.code === "same_name") return "signer";
  const words = failure?.code.split("_") ?? [];
  return FIELDS.find((field) => words.includes(field)) ?? null;
}
