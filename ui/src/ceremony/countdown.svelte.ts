/** Counts seconds down, for as long as the component lives that makes it. */
export class Countdown {
  /** How many are left; null where nothing ends it. */
  left: number | null = $state(null);

  /** `seconds` is read anew whenever what it reads changes: then it begins again. */
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
