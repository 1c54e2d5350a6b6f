/**
 * How long a page waits for an answer: a network that falls silent resets nothing, and the browser alone
 * would wait for minutes. Used by every page and, bundled, by the editor.
 */

export const SENDING = 30000; // ms for what somebody sends or asks for: on a slow line it may take that long

/** @returns {number} ms for what the page asks for by itself, as htmx has it from layout.html */
const asking = () => JSON.parse(document.querySelector("meta[name=htmx-config]")?.getAttribute("content") ?? "").timeout;

/**
 * Fetches as the browser does, and throws when the whole answer is not there in time.
 * @param {string} address
 * @param {RequestInit} options
 * @param {number} limit ms
 */
export const fetchInTime = (address, options, limit = asking()) =>
  fetch(address, { ...options, signal: AbortSignal.timeout(limit) });
