const NAMES = [
  "ink",
  "ink-2",
  "ink-3",
  "surface",
  "surface-2",
  "line",
  "line-strong",
  "accent",
  "accent-soft",
  "bad",
  "warn",
  "mark-software",
  "mark-hardware",
  "mark-external",
  "level-none",
  "level-0",
  "level-1",
  "level-2",
  "level-3",
  "level-4",
  "level-5",
  "level-6",
  "level-7",
] as const;

/** Colours by the names of their tokens, as they are now. */
export type Palette = Record<(typeof NAMES)[number], string> & { sans: string };

/** Reads the colours in use. Only an element knows what a token that depends on the theme means. */
export function readPalette(): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const read = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, style.color] as const;
  });
  const sans = style.fontFamily;
  probe.remove();
  return { ...Object.fromEntries(read), sans } as Palette;
}

/** The token of the colour of a state: no level, or L0 to L7. */
export function levelToken(state: number): keyof Palette {
  return state === 0 ? "level-none" : (`level-${state - 1}` as keyof Palette);
}
