import type { Language } from "../src/ipc/bindings";
import { speak } from "../src/words/words";

// In another language: dev.html?language=de, or ar-XB for what is written from right to left.
const language = new URLSearchParams(location.search).get("language") as Language | null;
await speak(language ?? "en");
await import("./dev-window");
