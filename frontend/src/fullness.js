/** How near a text is to the size that one section can have, so that it is said before words are refused. */
import { MAX_STREAM } from './schema.js'

export const NEARLY_FULL = 0.9 // from here on people are told to begin another section
export const FULL = 0.995 // from here on nothing can be written: the server would refuse it

/**
 * @param {Record<string, unknown>} size as the server counts it
 * @returns {number} 1 where nothing more is taken
 */
export const fullness = (size) =>
  Math.max(...Object.entries(MAX_STREAM).map(([what, most]) => (Number(size[what]) || 0) / most))
