/**
 * What the page shows about saving, decided without a page: each name has a sentence "state.NAME".
 *
 * @import { State } from './endings.js'
 * @import { Outbox } from './outbox.js'
 * @typedef {{state: State, wasLive: boolean, frozen: boolean,
 *   outbox: Pick<Outbox, 'empty'|'unkept'|'broken'|'late'>}} Known
 * @typedef {'opening'|'saved'|'saving'|'unsaved'|'unkept'|'offline'|'offline_unkept'|'unavailable'|'closed'} SaveState
 *   unkept: on no disk, not even on this device's
 */
import { isFinal } from './endings.js'

export const GRACE = 1000 // ms before a lost connection is shown when there are no unsaved words

/**
 * @param {Known} known
 * @param {number} lostFor ms since the connection was lost, 0 where it is there
 * @returns {SaveState}
 */
export function saveState ({ state, wasLive, outbox, frozen }, lostFor) {
  if (state === 'loading') return 'opening'
  if (isFinal(state)) return 'closed'
  if (!outbox.empty) {
    if (!outbox.late) return 'saving'
    return outbox.unkept ? 'unkept' : 'unsaved'
  }
  if (frozen) return 'closed'
  if (state === 'live') return 'saved'
  if (state === 'unavailable') return 'unavailable'
  // Most losses last only a moment, and everything written is saved: no alarm for these.
  if (lostFor < GRACE) return wasLive ? 'saved' : 'opening'
  return outbox.broken ? 'offline_unkept' : 'offline'
}
