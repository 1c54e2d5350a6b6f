/**
 * Whether what an open page shows is up to date: a part that could not be fetched is fetched again, and after
 * a second failure in a row a line says since when the page may be behind. Each part goes by its element's id.
 */
import { backoff } from "./backoff.js";

const SHOWN_FROM = 2; // failures in a row: one alone is over before anybody has read of it
const pauseBefore = backoff(10000, 60000);
const opened = Date.now();

/** When each part arrived last. @type {Map<string, number>} */
const arrivals = new Map();
/** Parts whose last request failed, and how many in a row; the one that has waited longest is the first. @type {Map<string, number>} */
const failing = new Map();
let tries = 0; // of parts that failed, since one of them has arrived
/** @type {ReturnType<typeof setTimeout>|undefined} */
let timer;

/** @param {string} part */
const fetchAgain = (part) => document.getElementById(part)?.dispatchEvent(new Event("wg:again"));

/** Asks for one part that failed, as the others follow once it has arrived; not while nobody is looking, or the device is offline. */
function retryLater() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const next = [...failing.keys()].find((part) => document.getElementById(part));
    if (!next) return;
    if (document.hidden || !navigator.onLine) return retryLater();
    tries++;
    fetchAgain(next);
  }, pauseBefore(tries, Math.random()));
}

/**
 * Writes a moment as the page's other moments are, in the reader's zone where the browser knows it.
 * @param {number} at
 * @param {string|undefined} timeZone
 */
function written(at, timeZone) {
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang; // the day comes first
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  try {
    return new Intl.DateTimeFormat(language, { ...parts, timeZone }).format(at);
  } catch {
    return new Intl.DateTimeFormat(language, parts).format(at);
  }
}

/** Shows or hides the line; while it stands it does not change, so that it is announced once. */
function show() {
  const line = document.getElementById("not-up-to-date");
  const words = /** @type {HTMLElement|null|undefined} */ (line?.querySelector("[data-sentence]"));
  const late = [...failing].filter(([part, times]) => times >= SHOWN_FROM && document.getElementById(part));
  if (!line || !words || line.hidden !== late.length > 0) return;
  const oldest = Math.min(...late.map(([part]) => arrivals.get(part) ?? opened));
  if (late.length) words.textContent = (words.dataset.sentence ?? "").replace("{time}", written(oldest, line.dataset.zone));
  line.hidden = !late.length;
}

/** @param {string} part was answered: it is new, or has not changed */
export function arrived(part) {
  arrivals.set(part, Date.now());
  if (!failing.delete(part)) return;
  tries = 0;
  for (const other of failing.keys()) fetchAgain(other); // the network is back
  if (!failing.size) clearTimeout(timer);
  show();
}

/** @param {string} part was not answered in time, or not as it should be */
export function missed(part) {
  const times = (failing.get(part) ?? 0) + 1;
  failing.delete(part);
  failing.set(part, times);
  retryLater();
  show();
}

addEventListener("online", () => { for (const part of failing.keys()) fetchAgain(part); });
