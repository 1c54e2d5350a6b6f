/**
 * Time for everything that waits: a clock that only goes forward, and timers on it.
 *
 * Date.now() follows the wall clock, which a correction can move by an hour; a pause measured
 * with it would last that hour. Tests bring a clock of their own, so that seconds take no time.
 *
 * @typedef {unknown} Timer
 * @typedef {object} Clock
 * @property {() => number} now ms since some moment that never changes
 * @property {(act: () => void, ms: number) => Timer} later
 * @property {(timer: Timer) => void} cancel does nothing where there is no such timer
 */

/** @type {Clock} */
export const pageClock = {
  now: () => performance.now(),
  later: (act, ms) => setTimeout(act, ms),
  cancel: (timer) => clearTimeout(/** @type {ReturnType<typeof setTimeout>|undefined} */ (timer ?? undefined))
}
