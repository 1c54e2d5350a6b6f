/**
 * Asks who is signed in while that may be the reason why the text is not live: rarely, and at once
 * when the person returns to the page.
 */
import { backoff } from '../../workgroup/static/backoff.js'
import { pageClock } from './clock.js'

/**
 * @import { Clock, Timer } from './clock.js'
 * @typedef {object} Surroundings
 * @property {() => Promise<string|null>} ask returns the person, '' for nobody, null without an answer
 * @property {(person: string|null) => void} found
 * @property {() => boolean} isUseful false while nobody is looking, or the device is offline
 * @property {Clock} [clock]
 * @property {() => number} [random]
 */

const pauseBefore = backoff(6000, 60000)

export class SignInWatch {
  /** @param {Surroundings} surroundings */
  constructor ({ ask, found, isUseful, clock = pageClock, random = Math.random }) {
    this.ask = ask
    this.found = found
    this.isUseful = isUseful
    this.clock = clock
    this.random = random
    this.watching = false
    this.asking = false
    this.tries = 0
    /** @type {Timer} */
    this.timer = null
  }

  /** Starts asking; further calls change nothing. */
  watch () {
    if (this.watching) return
    this.watching = true
    this.tries = 0
    this.plan()
  }

  /** Everything works again: stops asking. */
  rest () {
    this.watching = false
    this.clock.cancel(this.timer)
  }

  /** The person has returned to the page, or the device is online again. */
  wake () {
    if (!this.watching) return
    this.tries = 0
    this.look()
  }

  plan () {
    this.clock.cancel(this.timer)
    // While it is not useful nothing is scheduled: an event will call again when that changes.
    this.timer = this.clock.later(() => { if (this.isUseful()) this.look() }, pauseBefore(this.tries++, this.random()))
  }

  async look () {
    if (this.asking) return
    this.asking = true
    this.clock.cancel(this.timer)
    const person = await this.ask()
    this.asking = false
    if (!this.watching) return
    this.found(person)
    if (this.watching) this.plan()
  }
}
