/** Shows what is saved: at once on the page, at most every 5 s to a screen reader. */
import { pageClock } from './clock.js'
import { make } from './elements.js'
import { GRACE, saveState } from './save-state.js'

/**
 * @import { Timer } from './clock.js'
 * @import { Outbox } from './outbox.js'
 * @import { Known } from './save-state.js'
 * @import { Translate } from './translations.js'
 * @typedef {Known & {outbox: Pick<Outbox, 'kept'>}} Shown
 */

const QUIET = 5000 // ms between two announcements

/** @type {Record<string, string>} the style sheet's names, where they differ */
const LOOKS = { opening: 'saving', closed: 'readonly', unkept: 'unsaved', offline_unkept: 'offline', unavailable: 'offline' }

export class Status {
  /**
   * @param {HTMLElement} place
   * @param {Translate} translate
   */
  constructor (place, translate, clock = pageClock) {
    this.place = place
    this.translate = translate
    this.clock = clock
    this.eye = make('span', { 'aria-hidden': 'true' })
    this.ear = make('span', { class: 'vh' })
    place.replaceChildren(this.eye, this.ear)
    this.spoken = -QUIET
    /** @type {number|null} since when the connection is lost */
    this.lost = null
    /** @type {Shown|null} */
    this.shown = null
    /** @type {Timer} */
    this.again = null
    /** @type {Timer} */
    this.timer = null
    this.name = ''
    addEventListener('beforeunload', (event) => {
      const outbox = this.shown?.outbox
      if (!outbox || outbox.empty || outbox.kept || this.shown?.state === 'left') return
      event.preventDefault()
      event.returnValue = ''
    })
  }

  /** @param {Shown} shown */
  show (shown) {
    const now = this.clock.now()
    this.shown = shown
    this.lost = shown.state === 'live' || shown.state === 'loading' ? null : this.lost ?? now
    const name = saveState(shown, this.lost === null ? 0 : now - this.lost)
    this.clock.cancel(this.again)
    if (this.lost !== null && ['saved', 'opening'].includes(name)) {
      this.again = this.clock.later(() => { if (this.shown) this.show(this.shown) }, GRACE)
    }
    if (this.name === name) return
    this.name = name
    this.place.dataset.state = LOOKS[name] ?? name
    this.eye.textContent = this.translate(`state.${name}`)
    this.clock.cancel(this.timer)
    this.timer = this.clock.later(() => this.speak(), Math.max(0, this.spoken + QUIET - now))
  }

  speak () {
    this.spoken = this.clock.now()
    if (this.ear.textContent !== this.eye.textContent) this.ear.textContent = this.eye.textContent
  }
}
