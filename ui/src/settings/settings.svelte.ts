import { ask, failureOf } from "../ipc/ask";
import {
  commands,
  events,
  type Failure,
  type Settings,
  type SettingsView,
  type Theme,
} from "../ipc/bindings";

/** The settings as they are kept, and as the person has them on screen. */
export class SettingsDraft {
  /** As they are kept. */
  view: SettingsView | null = $state.raw(null);
  /** As they are on screen. */
  draft: Settings | null = $state(null);
  /** Why they could not be fetched or kept. */
  failure: Failure | null = $state.raw(null);
  busy = $state(false);
  readonly changed: boolean = $derived.by(
    () => !!this.view && !!this.draft && !same(this.view.settings, $state.snapshot(this.draft)),
  );

  /** Follows the settings until the returned function is called. */
  follow(): () => void {
    void this.fetch();
    // A directory was opened, or a key made: what the person is changing stays as it is.
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
      this.failure = failureOf(thrown);
    }
  }

  discard(): void {
    if (this.view) this.#show(this.view);
  }

  /** Keeps what was changed; says whether it was. */
  async save(): Promise<boolean> {
    const { view, draft } = this;
    if (!view || !draft) return false;
    return this.#keep((kept) => merged(view.settings, $state.snapshot(draft), kept));
  }

  /** The theme that was just chosen is shown and kept at once, and nothing else with it. */
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
      // The station has changed them itself, perhaps: a directory opened is among them.
      const { settings } = await ask(commands.settings());
      this.#show(await ask(commands.settingsSave(change(settings))));
      return true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
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

/** What is kept, with what the person changed of it. */
function merged(before: Settings, draft: Settings, kept: Settings): Settings {
  const changed = Object.entries(draft).filter(
    ([name, value]) => !same(value, before[name as keyof Settings]),
  );
  return { ...kept, ...Object.fromEntries(changed) };
}

const FIELDS = ["directory", "keyring", "log", "ledger", "trust", "threshold", "signer"] as const;

/** Which setting a refusal is about, by the words of its code; null where that says nothing. */
export function fieldOf(failure: Failure | null): (typeof FIELDS)[number] | null {
  if (failure?.code === "same_name") return "signer";
  const words = failure?.code.split("_") ?? [];
  return FIELDS.find((field) => words.includes(field)) ?? null;
}
