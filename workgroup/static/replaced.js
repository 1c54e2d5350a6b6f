// Parts of a page are fetched again while somebody is using them: what was begun with the old part goes on with the new one.

/**
 * Sends a form, also one whose place a new part of the page has taken while a question was open. The server
 * decides whether what it asks for can still be done, and says so if not.
 * @param {HTMLFormElement} form
 * @param {HTMLElement|null} submitter the button that was pressed
 */
export function send(form, submitter) {
  if (!form.isConnected) {
    form.hidden = true;
    document.body.append(form); // a form outside its document sends nothing
  }
  form.requestSubmit(submitter);
}

/** @param {Element|null} control a link, or the button of a form of its own */
const addressOf = (control) => control?.closest("form")?.getAttribute("action") ?? control?.getAttribute("href");

/** @type {string|null|undefined} */
let focused = null;

/** @param {Element} part is about to be replaced */
export function holdFocus(part) {
  const control = document.activeElement;
  focused = part.contains(control) && control?.matches("a, button") ? addressOf(control) : null;
}

/** @param {Element} part has taken the place */
export function giveFocusBack(part) {
  if (!focused) return;
  const controls = /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("a, button"));
  const same = [...controls].find((control) => addressOf(control) === focused);
  if (!same) return; // it may be in another part of the same answer
  same.focus({ preventScroll: true });
  focused = null;
}
