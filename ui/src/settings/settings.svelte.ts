import { ask, problemOf } from "../ipc/ask";
import {
  commands,
  events,
  type Problem,
  type Settings,
  type SettingsView,
  type Theme,
} from "../ipc/bindings";

/** A change of some settings; the others stay as the station has them when it is saved. */
export type SettingsChange = Partial<Omit<Settings, "directory" | "recent">>;

/** The settings as they are saved. There is no draft: each change is saved by itself. */
export class SavedSettings {
  view: SettingsView | null = $state.raw(null);
  /** Why they could not be fetched, or a change without a sheet of its own not saved. */
  failure: Problem | null = $state.raw(null);
  busy = $state(false);
  #last: Promise<unknown> = Promise.resolve();

  /** Follows the settings until the returned function is called. */
  follow(): () => void {
    void this.fetch();
    const listening = events.stationChanged.listen(() => {
      if (!this.busy) void this.fetch();
    });
    return () => void listening.then((stop) => stop());
  }

  async fetch(): Promise<void> {
    try {
      const view = await ask(commands.settings());
      if (!this.busy) this.view = view;
    } catch (thrown) {
      this.failure = problemOf(thrown);
    }
  }

  /** The settings with a change, for its preview. */
  with(change: SettingsChange): Settings | null {
    return this.view && { ...this.view.settings, ...change };
  }

  /** Saves a change, after those before it. Fails with the reason if the station does not take it. */
  save(change: SettingsChange): Promise<void> {
    const saving = this.#last.then(() => this.#save(change));
    this.#last = saving.catch(() => undefined);
    return saving;
  }

  async #save(change: SettingsChange): Promise<void> {
    this.busy = true;
    try {
      // The station may have changed others itself, for example by opening a directory.
      const { settings } = await ask(commands.settings());
      this.view = await ask(commands.settingsSave({ ...settings, ...change }));
      this.failure = null;
    } finally {
      this.busy = false;
    }
  }

  /** Saves a change that no sheet asks about. Returns whether that succeeded. */
  async keep(change: SettingsChange): Promise<boolean> {
    this.failure = null;
    try {
      await this.save(change);
      return true;
    } catch (thrown) {
      this.failure = problemOf(thrown);
      return false;
    }
  }
}

/** Shows a theme. */
export function show(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
