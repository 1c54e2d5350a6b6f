/**
 * For whom this page was made, and who is signed in now: nobody, when the session has ended, or somebody
 * else, where several people use one browser. Used by every page and, bundled, by the editor.
 */
import { fetchInTime } from "./patience.js";

/** @returns {DOMStringMap} what the form to sign out says of the person */
const account = () => /** @type {HTMLElement|null} */ (document.querySelector("form[data-signs-out]"))?.dataset ?? {};

/** With these headers the server answers no other person than the page's own. */
export const asPerson = () => ({ "X-Person": account().signsOut ?? "" });

/**
 * Returns the person of this browser as the server sees it now; '' for nobody, null without an answer. A new
 * sign-in of the same person brings a token by which the page's forms go on working.
 * @param {string} address
 * @param {string} person of the page
 * @returns {Promise<string|null>}
 */
export async function whoIsSignedIn(address, person) {
  try {
    const answer = await fetchInTime(address, { redirect: "error", cache: "no-store" });
    if (answer.status === 204) return "";
    if (!answer.ok) return null;
    const found = await answer.json();
    if (String(found.person) === person) {
      document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", String(found.token));
    }
    return String(found.person);
  } catch {
    return null;
  }
}

const LINES = ["request-failed", "session-ended", "someone-else"];
/** Forms that were sent again by the page itself since they last arrived. @type {WeakSet<Element>} */
const again = new WeakSet();

/** @param {string|null} line the one to show */
function showLine(line) {
  for (const id of LINES) document.getElementById(id)?.toggleAttribute("hidden", id !== line);
}

/**
 * Says why what somebody sent was not done. If the same person has signed in again, it is sent once more instead.
 * @param {Element} part the form, or what was pressed
 * @param {number} status of the answer, 0 where there was none
 */
export async function notDone(part, status) {
  const { signsOut: person = "", who = "" } = account();
  const signedIn = [400, 401].includes(status) && who ? await whoIsSignedIn(who, person) : null;
  const form = part.closest("form");
  if (signedIn === person && form?.isConnected && !again.has(form)) {
    again.add(form);
    form.requestSubmit();
  } else showLine(signedIn === "" ? "session-ended" : signedIn && signedIn !== person ? "someone-else" : "request-failed");
}

/** @param {Element} part the form, or what was pressed, whose request has arrived */
export function done(part) {
  again.delete(part.closest("form") ?? part);
  showLine(null);
}
