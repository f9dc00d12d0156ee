import { ask, problemOf } from "./ipc/ask";
import { commands, events, type Problem, type StationView } from "./ipc/bindings";

/** The state of the station as it last reported it. */
export class Station {
  view: StationView | null = $state.raw(null);
  /** Why the station does not answer. */
  failure: Problem | null = $state.raw(null);

  /** Follows the station until the returned function is called. */
  follow(): () => void {
    const listening = events.stationChanged.listen(({ payload }) => (this.view = payload.station));
    void listening
      .then(() => ask(commands.station()))
      .then(
        (view) => (this.view = view),
        (thrown: unknown) => (this.failure = problemOf(thrown)),
      );
    return () => void listening.then((stop) => stop());
  }
}
