// The discussion beside the text: fetches the threads that have changed, and puts each card in its place.

import { arrived, missed } from "./fresh.js";
import { SENDING, fetchInTime } from "./patience.js";
import { asPerson } from "./person.js";

/**
 * @typedef {{process: (element: Element) => void}} Htmx
 */

const SETTLED = 400; // ms after a box has lost the focus, so that a button that is being pressed is still there

/** @param {string} id */
const byId = (id) => document.getElementById(id);
const place = byId("threads");
/** Cards that wait until nobody is writing in them: a swap would break an input method. @type {Map<string, HTMLElement>} */
const waiting = new Map();
let asking = false;
let askAgain = false;
/** The thread that a link or a passage leads to: its card is shown even where the resolved ones are not. */
let wanted = "";

/** @param {Element} element */
const activate = (element) => /** @type {Window & {htmx?: Htmx}} */ (window).htmx?.process(element);

/** @param {Element} card */
const isWritingIn = (card) => document.activeElement instanceof HTMLTextAreaElement && card.contains(document.activeElement);

/** @param {string} html an answer; scripts in it do not run */
const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/**
 * Moves the box of a reply from an old card to the new one if words or an open box would be lost.
 * @param {Element} old
 * @param {Element} card
 */
function keepReply(old, card) {
  const before = /** @type {HTMLDetailsElement|null} */ (old.querySelector("details.reply"));
  const after = /** @type {HTMLDetailsElement|null} */ (card.querySelector("details.reply"));
  const typed = before?.querySelector("textarea")?.value;
  if (!before || after?.open || after?.hasAttribute("data-fresh")) return;
  if (after && (before.open || typed)) after.replaceWith(before);
  else if (!after && typed) card.querySelector(".act")?.prepend(before); // resolved by somebody meanwhile
}

/**
 * Keeps earlier comments that somebody has opened; if some between them are missing, they are fetched.
 * @param {Element} old
 * @param {Element} card
 */
function keepEarlier(old, card) {
  const shown = [...old.querySelectorAll("[data-n]")];
  const link = old.querySelector("a.earlier");
  const opened = shown.length > 1;
  const last = card.querySelector("[data-n]");
  if (!opened || !last) return;
  const next = Number(last.getAttribute("data-n"));
  const known = shown.filter((one) => Number(one.getAttribute("data-n")) < next);
  const between = card.querySelector("a.earlier");
  if (Number(known[known.length - 1]?.getAttribute("data-n")) === next - 1) {
    between?.remove();
    last.before(...(link ? [link] : []), ...known);
  } else if (between instanceof HTMLElement) setTimeout(() => between.click());
}

/**
 * @param {HTMLElement} card
 * @returns {HTMLElement|null} the list that a card belongs to; none where resolved ones are not shown
 */
function listOf(card) {
  if (card.dataset.state !== "resolved") return byId("open-threads");
  const list = byId("resolved-threads");
  return list?.childElementCount || card.dataset.thread === wanted ? list : null;
}

/**
 * Puts a card where it belongs: in its list, by the time at which the thread was started.
 * @param {HTMLElement} card
 */
function put(card) {
  const old = byId(card.id);
  if (old && old !== card && isWritingIn(old) && !card.querySelector("details.reply:is([open], [data-fresh])")) {
    waiting.set(card.id, card);
    return;
  }
  waiting.delete(card.id);
  if (old) {
    keepReply(old, card);
    keepEarlier(old, card);
  }
  const focused = old?.contains(document.activeElement);
  const list = listOf(card);
  if (old && (old.parentElement === list || !byId("open-threads"))) old.replaceWith(card);
  else {
    old?.remove();
    if (!list) return;
    const cards = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(":scope > [data-thread]")]);
    const next = cards.find((one) => Number(one.dataset.at) > Number(card.dataset.at));
    list.insertBefore(card, next ?? null);
  }
  activate(card);
  if (focused) card.focus({ preventScroll: true });
}

/**
 * Inserts everything in an answer: cards, and other parts of the discussion by their ids.
 * @param {string} html
 */
function merge(html) {
  const answer = parse(html);
  const changed = answer.querySelector("[data-changed]")?.getAttribute("data-changed");
  for (const card of /** @type {NodeListOf<HTMLElement>} */ (answer.querySelectorAll("[data-thread]"))) put(card);
  for (const id of ["no-threads", "show-resolved", "new-thread"]) {
    const part = answer.querySelector(`#${id}`);
    const old = byId(id);
    if (!part || !old || (id === "new-thread" && changed)) continue;
    old.replaceWith(part);
    activate(part);
  }
  const list = byId("open-threads");
  if (changed && list) list.dataset.changed = changed;
}

/** Fetches what has changed since the last time; changes meanwhile cause one more request. */
async function ask() {
  const list = byId("open-threads");
  if (!list) return;
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetchInTime(`${list.dataset.changes}?after=${list.dataset.changed}`, {
      headers: { "HX-Request": "true", "X-By-Itself": "yes", ...asPerson() },
      redirect: "error"
    });
    if (answer.status === 200) merge(await answer.text());
    if (answer.status >= 500) missed("threads");
    else arrived("threads");
  } catch {
    missed("threads");
  }
  asking = false;
  // News that has come meanwhile came over a line that works, also where the request's own had died.
  if (askAgain) setTimeout(ask);
  askAgain = false;
}

/**
 * Fetches the card of a thread that is not on the page, such as one that a link or a passage leads to.
 * @param {string} id
 */
async function fetchCard(id) {
  const list = byId("open-threads");
  if (!list?.dataset.one || byId(`thread-${id}`)) return;
  wanted = id;
  try {
    const answer = await fetchInTime(list.dataset.one.replace(/-$/, id), { headers: { "HX-Request": "true", ...asPerson() } }, SENDING);
    if (answer.status >= 500) throw new Error("the server has failed");
    if (answer.status === 200) merge(await answer.text());
  } catch {
    byId("request-failed")?.removeAttribute("hidden");
  }
  byId(`thread-${id}`)?.scrollIntoView({ block: "nearest" });
}

if (place) {
  document.body.addEventListener("wg:comments", ask);
  document.body.addEventListener("wg:card", (event) => fetchCard(/** @type {CustomEvent<{thread: string}>} */ (event).detail.thread));
  place.addEventListener("wg:again", () => { if (!asking) ask(); });
  if (place.dataset.every) setInterval(() => { if (!document.hidden) ask(); }, Number(place.dataset.every) * 1000);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig, xhr, shouldSwap } = /** @type {CustomEvent<any>} */ (event).detail;
    if (target !== place || requestConfig.verb !== "post" || !shouldSwap) return;
    /** @type {CustomEvent<any>} */ (event).detail.shouldSwap = false;
    merge(xhr.responseText);
  });
  document.addEventListener("focusout", () => {
    if (waiting.size) setTimeout(() => { for (const card of [...waiting.values()]) put(card); }, SETTLED);
  });
  const linked = /^#thread-([\w-]{1,22})$/.exec(location.hash);
  if (linked) fetchCard(linked[1]);
}
