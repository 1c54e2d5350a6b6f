/**
 * How long to wait before asking again: longer each time, and never all pages at once.
 * Used by every page and, bundled, by the editor.
 *
 * @param {number} first ms
 * @param {number} last ms, which no pause exceeds
 * @returns {(tries: number, chance: number) => number} ms, from tries in vain and a number from 0 to 1
 */
export const backoff = (first, last) => (tries, chance) =>
  Math.min(last, first * 2 ** Math.min(tries, 30)) * (0.5 + chance / 2);
