/** How close a text is to the largest size of a section, so that people are warned before words are refused. */
import { MAX_STREAM } from './schema.js'

export const NEARLY_FULL = 0.9 // from here on people are asked to continue in another section
export const FULL = 0.995 // from here on the text is read-only: the server would refuse more

/**
 * @param {Record<string, unknown>} size as the server counts it
 * @returns {number} 1 where nothing more is taken
 */
export const fullness = (size) =>
  Math.max(...Object.entries(MAX_STREAM).map(([what, most]) => (Number(size[what]) || 0) / most))
