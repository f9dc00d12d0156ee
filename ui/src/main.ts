import "./kit/tokens.css";
// The language is known before the words of a module are read.
import "./words/spoken";

import { mount } from "svelte";

import App from "./App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
