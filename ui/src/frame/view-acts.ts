import { t } from "../words/words";

/** What can be done in the view that is open, and in what is around it. */
export interface ViewAct {
  label: string;
  /** Why it cannot be done; null if it can. */
  why: string | null;
  run: () => void;
}

/**
 * What the buttons and fields on screen do that have no key: each is defined once, where it is
 * shown. A button says with `data-act` that it is one of them, and with `data-why` why it cannot be
 * pressed now. Views whose acts all have their entry among `ACTS` are marked with `data-all-acts`.
 */
export function actsOnScreen(): ViewAct[] {
  const found = new Map<string, ViewAct>();
  const all = document.querySelectorAll<HTMLElement>(
    "[data-act], fieldset, input, select, textarea",
  );
  for (const element of all) {
    if (element.closest("[role=dialog], [data-all-acts]")) continue;
    const act = element.matches("[data-act]") ? pressing(element) : goingTo(element);
    if (act && !found.has(act.label)) found.set(act.label, act);
  }
  return [...found.values()];
}

function pressing(button: HTMLElement): ViewAct {
  const isOff = button.matches(":disabled");
  return {
    label: button.dataset["act"] || nameOf(button),
    why: button.dataset["why"] || (isOff ? t("why-not-now") : null),
    run: () => {
      button.focus();
      button.click();
    },
  };
}

/** Goes to a field, or to the chosen one of several that are chosen from. */
function goingTo(field: HTMLElement): ViewAct | null {
  if (field.matches("[type=radio], [type=checkbox]")) return null;
  const [target, label] = field.matches("fieldset")
    ? [
        field.querySelector<HTMLElement>("input:checked, input"),
        field.querySelector("legend")?.textContent,
      ]
    : [field, field.ariaLabel ?? (field as HTMLInputElement).labels?.[0]?.textContent];
  if (!target || !label) return null;
  return {
    label: t("act-go-to", { field: label.trim() }),
    why: target.matches(":disabled") ? t("why-not-now") : null,
    run: () => target.focus(),
  };
}

/** What a screen reader calls a button. */
function nameOf(button: HTMLElement): string {
  const name = button.getAttribute("aria-label");
  if (name) return name;
  const copy = button.cloneNode(true) as HTMLElement;
  for (const silent of copy.querySelectorAll("[aria-hidden=true]")) silent.remove();
  return copy.textContent.replace(/\s+/gu, " ").trim();
}
