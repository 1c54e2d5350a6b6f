/**
 * Time for everything that waits: a monotonic clock, and timers on it.
 *
 * Date.now() follows the wall clock. A correction can move that by an hour, and a pause measured
 * with it would last that hour. Tests use a clock of their own, so that seconds take no time.
 *
 * @typedef {unknown} Timer
 * @typedef {object} Clock
 * @property {() => number} now ms since a fixed moment
 * @property {(act: () => void, ms: number) => Timer} later
 * @property {(timer: Timer) => void} cancel does nothing if there is no such timer
 */

/** @type {Clock} */
export const pageClock = {
  now: () => performance.now(),
  later: (act, ms) => setTimeout(act, ms),
  cancel: (timer) => clearTimeout(/** @type {ReturnType<typeof setTimeout>|undefined} */ (timer ?? undefined))
}
