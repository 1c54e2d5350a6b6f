/**
 * Signing out on a device that others may use next: no text stays on it, unsaved text is not deleted
 * without a question, and other pages of this browser learn of it.
 */
import { SIGNED_OUT, endAccess } from "./access.js";
import { confirmed } from "./confirm.js";
import { announceLeaving, forgetTexts, leavingMark, onLeaving, waitingTexts } from "./device.js";
import { whoIsSignedIn } from "./person.js";

const GRACE = 1500; // ms to wait for words on their way to the server, so that nobody is asked about them
const AGAIN = 300; // ms between two checks of them

let leaving = false; // this page is the one that signs out

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** What stands in for texts that cannot be read: they may hold unsaved words. */
const UNREADABLE = { name: "", title: "", path: "", changes: NaN };

/** @param {string} person */
async function unsaved(person) {
  const found = await waitingTexts(person).catch(() => [{ ...UNREADABLE, person }]);
  const here = document.getElementById("workspace");
  // Words that are not even on this device's disk are known only to the open page.
  if (here?.hasAttribute("data-unsaved") && !found.some(({ path }) => path === location.pathname)) {
    found.push({ name: "", person, title: here.dataset.title ?? "", path: location.pathname, changes: 1 });
  }
  return found;
}

/** @param {string} person */
async function unsavedAfterAll(person) {
  const end = performance.now() + GRACE;
  let found = await unsaved(person);
  while (found.length && performance.now() < end && navigator.onLine) {
    await pause(AGAIN);
    found = await unsaved(person);
  }
  return found;
}

/**
 * Signs out with this form, after a question if words would be lost.
 * @param {HTMLFormElement} form with data-signs-out: the person's id, and the question's sentences
 */
export async function signOut(form) {
  const { signsOut: person = "", question = "", explanation = "", yes = "", untitled = "" } = form.dataset;
  const { who = "", unanswered = "", retry = "" } = form.dataset;
  // Else the text would be deleted, other pages would say that one has signed out, and the sign-in would go on.
  while ((await whoIsSignedIn(who, person)) === null) {
    if (!(await confirmed(unanswered, { yes: retry, danger: false }))) return;
  }
  const found = await unsavedAfterAll(person);
  const pages = found.map(({ title, path }) => ({ title: title || untitled, path }));
  if (pages.length && !(await confirmed(question, { yes, explanation, pages }))) return;
  leaving = true;
  announceLeaving(person);
  await forgetTexts(person).catch(() => {});
  form.submit();
}

/**
 * Watches for a sign-out on another page, and keeps the next person at this browser from reading what
 * Back would show.
 * @param {HTMLFormElement} form
 */
export function guardSignedOut(form) {
  const { signsOut: person = "" } = form.dataset;
  const mark = leavingMark(person);
  onLeaving(person, () => {
    if (!leaving) endAccess(SIGNED_OUT);
  });
  addEventListener("pageshow", (event) => {
    // Without storage nothing shows whether the person has signed out, so the server is asked.
    if (!event.persisted || (mark !== null && leavingMark(person) === mark)) return;
    document.body.replaceChildren();
    location.reload();
  });
}
