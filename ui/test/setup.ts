import "@testing-library/jest-dom/vitest";

import { cleanup, configure } from "@testing-library/svelte";
import { afterEach } from "vitest";

// What jsdom does not have, and the window does.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Element.prototype.scrollTo ??= function (this: Element, to?: number | ScrollToOptions) {
  if (typeof to === "object" && to.top !== undefined) this.scrollTop = to.top;
} as typeof Element.prototype.scrollTo;
Element.prototype.scrollIntoView ??= () => {};
// Nothing is drawn: what a picture shows is tested by what it is made of.
HTMLCanvasElement.prototype.getContext = (() =>
  null) as typeof HTMLCanvasElement.prototype.getContext;
Element.prototype.animate ??= () =>
  ({ cancel() {}, finished: Promise.resolve() }) as unknown as Animation;

// How long something may take to appear: a slow machine is not a fault of the window.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => cleanup());
