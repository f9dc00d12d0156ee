// A look at what is on the screen.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { PICTURES, until } from "./station.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** How many points of the display are one of the window: 2 on a 4K display. */
const SCALE = Number(process.env.GDK_SCALE ?? "1");
/** The sizes of the window that every view is looked at in; axe looks in the first. */
const SIZES =
  SCALE === 1
    ? [
        [1280, 800],
        [1024, 700],
        [1920, 1080],
      ]
    : [[1920, 1080]];

/** What is wrong, by view. */
export const faults = {};

/** Words on the screen that lie over other words, in pairs. Runs in the page. */
export function overlaps() {
  const within = [...document.querySelectorAll("[role=dialog]")].at(-1) ?? document.body;
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  const seen = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const parent = text.parentElement;
    if (!text.data.trim() || parent.closest(".toasts, .visually-hidden, [hidden]")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const { left, top, right, bottom } of range.getClientRects()) {
      const part = { left, top, right, bottom };
      // What is scrolled away or cut off is not on the screen.
      for (let box = parent; box && box !== within.parentElement; box = box.parentElement) {
        if (getComputedStyle(box).overflow === "visible") continue;
        const edge = box.getBoundingClientRect();
        part.left = Math.max(part.left, edge.left);
        part.top = Math.max(part.top, edge.top);
        part.right = Math.min(part.right, edge.right);
        part.bottom = Math.min(part.bottom, edge.bottom);
      }
      if (part.right > part.left && part.bottom > part.top) seen.push({ text, parent, part });
    }
  }
  const found = [];
  for (const [index, upper] of seen.entries()) {
    for (const lower of seen.slice(index + 1)) {
      const [a, b] = [upper.part, lower.part];
      const [left, right] = [Math.max(a.left, b.left), Math.min(a.right, b.right)];
      const [top, bottom] = [Math.max(a.top, b.top), Math.min(a.bottom, b.bottom)];
      // Lines of one paragraph may touch; what lies over each other shares more than that.
      if (upper.text === lower.text || right - left < 3 || bottom - top < 8) continue;
      const there = document.elementsFromPoint((left + right) / 2, (top + bottom) / 2);
      const depth = [upper, lower].map(({ parent }) => there.indexOf(parent));
      // A head that stays while rows go by beneath it covers them.
      const covered = there
        .slice(Math.min(...depth), Math.max(...depth))
        .some((box) => !getComputedStyle(box).backgroundColor.endsWith(", 0)"));
      if (depth.includes(-1) || covered) continue;
      found.push(`${upper.text.data.trim()} | ${lower.text.data.trim()}`);
    }
  }
  return found.slice(0, 5);
}

/**
 * Looks at what is on the screen in two themes: keeps what axe finds, what scrolls sideways and what
 * has words over words, and pictures if they are wanted.
 */
export async function look(station, name) {
  const { browser } = station;
  await browser.executeScript(`if (!window.axe) { ${AXE} }`, []);
  for (const theme of ["light", "dark"]) {
    await station.page((theme) => void (document.documentElement.dataset.theme = theme), theme);
    // Nothing moves with the colours: other sizes are for the eye.
    const sizes = theme === "light" || PICTURES ? SIZES : SIZES.slice(0, 1);
    for (const [width, height] of sizes) {
      await browser.setWindowRect(0, 0, width, height);
      await until("the window has its size", () =>
        station.page(
          (width, height) => innerWidth === width && innerHeight === height,
          width,
          height,
        ),
      );
      // Once it is drawn so, what goes over into other colours has begun to.
      await station.drawn();
      await until("the window is at rest", () =>
        station.page(() =>
          document.getAnimations().every((animation) => animation.playState !== "running"),
        ),
      );
      await station.shot(`${name}-${theme}-${width * SCALE}`);
      const over = theme === "light" ? await station.page(overlaps) : [];
      if (over.length > 0) faults[`${name}, ${width} wide`] = { over };
      if (width !== SIZES[0][0]) continue;
      const violations = await browser.executeAsyncScript(
        `const done = arguments[0];
        axe.run(document, { resultTypes: ["violations"] }).then(
          ({ violations }) => done(violations.map(({ id, nodes }) => ({
            id,
            // A row of the queue says its marks and its age in full, what matters most first.
            nodes: nodes.filter(({ html }) =>
              id !== "label-content-name-mismatch" || !html.startsWith('<div role="option" id="row-')),
          })).filter(({ nodes }) => nodes.length > 0).map(({ id, nodes }) => ({
            id,
            nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => html + " " + failureSummary),
          }))),
          (error) => done([{ id: String(error), nodes: [] }]),
        );`,
        [],
      );
      if (violations.length > 0) faults[`${name}, ${theme}`] = violations;
    }
  }
  const wide = await station.page(() => document.documentElement.scrollWidth > innerWidth);
  if (wide) faults[name] = "scrolls sideways";
  await browser.setWindowRect(0, 0, ...SIZES[0]);
}
