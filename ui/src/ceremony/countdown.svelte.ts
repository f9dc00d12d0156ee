/** Counts seconds down for as long as the component that creates it is mounted. */
export class Countdown {
  /** How many are left; null if there is no limit. */
  left: number | null = $state(null);

  /** `seconds` is reactive: whenever it changes, the countdown starts again. */
  constructor(seconds: () => number | null) {
    $effect(() => {
      const all = seconds();
      this.left = all;
      if (all === null) return;
      const end = Date.now() + all * 1000;
      const clock = setInterval(() => {
        this.left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      }, 250);
      return () => clearInterval(clock);
    });
  }
}
