// The end of a page that its reader may no longer see: removed from the cohort, signed out, or its section is gone.

export const SIGNED_OUT = 401;
const REFUSALS = [SIGNED_OUT, 403, 404];

/**
 * Takes everything off the page and says why. Nothing more is asked for; what was typed and not sent stays, to be copied.
 * @param {number} status with which the server refused what the page asked for by itself, or would
 */
export function endAccess(status) {
  const template = document.getElementById("access-ended");
  if (!REFUSALS.includes(status) || !(template instanceof HTMLTemplateElement)) return;
  const typed = [...document.querySelectorAll("textarea")].map(({ value }) => value.trim()).filter(Boolean);
  const page = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const other = page.querySelector(status === SIGNED_OUT ? "[data-gone]" : "[data-signed-out]");
  other?.remove();
  const kept = page.querySelector("[data-typed]");
  const words = kept?.querySelector("textarea");
  if (words && typed.length) words.value = typed.join("\n\n");
  else kept?.remove();
  document.title = page.querySelector("h1")?.textContent ?? "";
  document.body.replaceChildren(page);
  document.getElementById("main")?.focus();
}
