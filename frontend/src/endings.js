/**
 * The meaning of the codes with which the server closes a socket, and the states in which one can write.
 *
 * @import { Comeback } from './connection.js'
 * @typedef {'loading'|'offline'|'catching up'|'live'|'unavailable'|'ended'|'removed'|'reload'|'left'|'stopped'} State
 *   unavailable: the text cannot be opened for now; ended: the sign-in has; left: the person signed out
 * @typedef {{refusal: string|null, state: State, comeback: Comeback}} Ending
 *   refusal: why unsent words have to be put into a box
 */
import { FULL } from './fullness.js'

const UNSAVED = 4503 // the server can't store anything right now
const TAKEN = 4411 // somebody else has this client id; a new document gets a new one

/** @type {Record<number, State>} */
const ENDINGS = { 4401: 'ended', 4403: 'removed', 4409: 'reload' }
/** @type {Record<number, string>} */
const REFUSALS = { 4400: 'refused', 4410: 'reset', [TAKEN]: 'refused', 4413: 'refused', 4422: 'refused' }

/** @type {State[]} */
const WRITABLE = ['live', 'catching up', 'offline', 'unavailable', 'ended']
/** @type {State[]} */
const FINAL = ['removed', 'reload', 'left', 'stopped']

/** @param {State} state */
export const isWritable = (state) => WRITABLE.includes(state)

/**
 * Returns whether one can write now: words that would be refused cannot be typed, so none are lost.
 * @param {{state: State, frozen: boolean, fullness: number}} text
 */
export const takesWords = ({ state, frozen, fullness }) => !frozen && fullness < FULL && isWritable(state)

/** @param {State} state */
export const isFinal = (state) => FINAL.includes(state)

/**
 * Returns the key of the sentence for a text that is unavailable for now.
 * @param {number} code
 */
export const noticeOf = (code) => (code === UNSAVED ? 'unstorable' : 'unavailable')

/**
 * @param {number} code
 * @param {boolean} waiting whether words wait to be stored
 * @returns {Ending}
 */
export function endingOf (code, waiting) {
  const refusal = REFUSALS[code]
  if (refusal && (waiting || refusal === 'reset' || code === TAKEN)) return { refusal, state: 'stopped', comeback: 'never' }
  if (ENDINGS[code]) return { refusal: null, state: ENDINGS[code], comeback: 'never' }
  // 4500: the text cannot be read; 4503: nothing can be stored. A code that this page does not know
  // comes from a newer server and is handled alike: what is written stays in the outbox, and frequent
  // attempts would not help.
  if (code >= 4000 && !refusal) return { refusal: null, state: 'unavailable', comeback: 'slowly' }
  return { refusal: null, state: 'offline', comeback: 'soon' }
}
