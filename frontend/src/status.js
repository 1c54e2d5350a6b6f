/** Says what is saved: at once for the eye, at most every 5 s for a screen reader. */
import { make } from './elements.js'

/**
 * @import { Outbox } from './outbox.js'
 * @import { State } from './provider.js'
 * @import { Say } from './translations.js'
 * @typedef {{state: State, outbox: Pick<Outbox, 'empty'|'kept'|'late'>, frozen: boolean}} Shown
 */

const QUIET = 5000 // ms between two announcements
const GRACE = 1000 // ms that a lost connection without unsaved words goes unmentioned

/** @type {Record<string, string>} */
const LOOKS = { opening: 'saving', closed: 'readonly', unkept: 'unsaved' } // the style sheet's names, where they differ

/**
 * Names the state: saved, saving, unsaved, unkept (on no disk either), offline, opening, closed.
 * @param {Shown & {lostFor: number}} shown
 */
export function saveState ({ state, outbox, frozen, lostFor }) {
  if (state === 'loading') return 'opening'
  if (['removed', 'reload', 'stopped'].includes(state)) return 'closed'
  if (outbox.empty && frozen) return 'closed'
  if (outbox.empty) return state === 'live' || lostFor < GRACE ? 'saved' : 'offline'
  if (!outbox.kept && (state !== 'live' || outbox.late)) return 'unkept'
  return state === 'live' && !outbox.late ? 'saving' : 'unsaved'
}

export class Status {
  /**
   * @param {HTMLElement} place
   * @param {Say} say
   */
  constructor (place, say) {
    this.place = place
    this.say = say
    this.eye = make('span', { 'aria-hidden': 'true' })
    this.ear = make('span', { class: 'vh' })
    place.replaceChildren(this.eye, this.ear)
    this.spoken = 0
    /** @type {number|null} since when the connection is lost */
    this.lost = null
    /** @type {Shown['outbox']|null} */
    this.outbox = null
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.again = undefined
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined
    this.name = ''
    addEventListener('beforeunload', (event) => {
      if (!this.outbox || this.outbox.empty || this.outbox.kept) return
      event.preventDefault()
      event.returnValue = ''
    })
  }

  /** @param {Shown} shown */
  show ({ state, outbox, frozen }) {
    this.outbox = outbox
    this.lost = state === 'live' || state === 'loading' ? null : this.lost ?? Date.now()
    const lostFor = this.lost ? Date.now() - this.lost : 0
    const name = saveState({ state, outbox, frozen, lostFor })
    clearTimeout(this.again)
    if (name === 'saved' && this.lost) this.again = setTimeout(() => this.show({ state, outbox, frozen }), GRACE)
    if (this.name === name) return
    this.name = name
    this.place.dataset.state = LOOKS[name] ?? name
    this.eye.textContent = this.say(`state.${name}`)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.speak(), Math.max(0, this.spoken + QUIET - Date.now()))
  }

  speak () {
    this.spoken = Date.now()
    if (this.ear.textContent !== this.eye.textContent) this.ear.textContent = this.eye.textContent
  }
}
