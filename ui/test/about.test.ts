import { screen, waitFor, within } from "@testing-library/svelte";
