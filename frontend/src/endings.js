/**
 * The meaning of the codes with which the server closes a socket, and the states in which one can write.
 *
 * @import { Comeback } from './connection.js'
 * @typedef {'loading'|'offline'|'catching up'|'live'|'unavailable'|'ended'|'removed'|'reload'|'left'|'stopped'} State
 *   unavailable: the text cannot be opened for now; ended: the sign-in has; left: the person signed out
 * @typedef {{refusal: string|null, state: State, comeback: Comeback}} Ending
 *   refusal: why unsent words have to be put into a box
 * @typedef {{state: State, code: number, outbox: {empty: boolean}, store: {broken: string|null}}} Closed
 *   code: with which the last socket was closed
 */
import { FULL } from './fullness.js'

const UNSAVED = 4503 // the server can't store anything right now
const OTHER_NAMES = 4412 // people are named in another way than this page stated
const TAKEN = 4411 // somebody else has this client id; a new document gets a new one

/** @type {Record<number, State>} */
const ENDINGS = { 4401: 'ended', 4403: 'removed', 4409: 'reload', [OTHER_NAMES]: 'reload' }
/** @type {Record<number, string>} */
const REFUSALS = { 4400: 'refused', 4410: 'reset', [TAKEN]: 'refused', 4413: 'refused', 4422: 'refused' }

/** @type {Record<number, string>} */
const NOTICES = { 4409: 'reload', [OTHER_NAMES]: 'reload.names', [UNSAVED]: 'unstorable' }

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
 * Returns why unsent words have to be copied by hand; '' where there are none, or where they will still go out.
 * @param {Closed} text
 */
export function strandedBy ({ state, code, outbox, store }) {
  if (outbox.empty || !['reload', 'removed'].includes(state)) return ''
  if (state === 'removed') return 'removed'
  if (code !== OTHER_NAMES) return 'schema'
  return store.broken ? 'names' : '' // else the next load of the page sends them
}

/**
 * Returns the key of the sentence for a text that is unavailable, for now or until the page is loaded again.
 * @param {Closed} text
 */
export const noticeOf = (text) => (strandedBy(text) === 'names' ? 'reload.names_unkept' : NOTICES[text.code] ?? 'unavailable')

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
