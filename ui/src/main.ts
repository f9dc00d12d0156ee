import { mount } from "svelte";

import { ask } from "./ipc/ask";
import { commands } from "./ipc/bindings";
import "./kit/tokens.css";
import { speak } from "./words/words";

// The language is known before anything is read that has words.
const language = await ask(commands.language()).catch(() => "system" as const);
await speak(language);
const { default: App } = await import("./App.svelte");

const target = document.getElementById("app");
if (target) mount(App, { target });
