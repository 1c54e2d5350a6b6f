/**
 * Asks who is signed in, for as long as that may be why the text is not live: seldom, and at once
 * when the person comes back to the page.
 */
import { backoff } from '../../workgroup/static/backoff.js'
import { pageClock } from './clock.js'

/**
 * @import { Clock, Timer } from './clock.js'
 * @typedef {object} Surroundings
 * @property {() => Promise<string|null>} ask gives the person, '' for nobody, null where nothing answers
 * @property {(person: string|null) => void} found
 * @property {() => boolean} isUseful false while nobody looks, or the device knows of no network
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

  /** Begins to ask; further calls change nothing. */
  watch () {
    if (this.watching) return
    this.watching = true
    this.tries = 0
    this.plan()
  }

  /** All is well: nothing more is asked. */
  rest () {
    this.watching = false
    this.clock.cancel(this.timer)
  }

  /** The person has come back to the page, or the network to the device. */
  wake () {
    if (!this.watching) return
    this.tries = 0
    this.look()
  }

  plan () {
    this.clock.cancel(this.timer)
    // Where it is not useful, nothing is planned: what changes that wakes us.
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
