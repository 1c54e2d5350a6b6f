/**
 * Which fragments of the page are fetched again when the server announces a change. A fragment names
 * its event in hx-trigger. A name that is not listed here refreshes nothing, so a newer server can
 * announce changes of things that this page does not show.
 */
/** @type {Record<string, string[]>} */
const REFRESHED_BY = {
  text: [], // words, freezes and thaws come over the socket; what is shown above the text is its state
  state: ['wg:section'],
  threads: ['wg:comments'],
  ballot: ['wg:section'], // which shows both, so a change of both is fetched once
  notices: ['wg:notices'] // of the person: new ones, or read on another device
}

/**
 * @param {string} name
 * @returns {string[]} events to raise on the page's body
 */
export const refreshedBy = (name) => (Object.hasOwn(REFRESHED_BY, name) ? REFRESHED_BY[name] : [])

const LEAST = 150 // ms within which everything that one act changes arrives
const SPREAD = 400 // ms over which requests are spread, so that 300 pages do not ask at once

/** Raises the events of changes after a random delay, once for all changes until then. */
export class Refreshes {
  /**
   * @param {(event: string) => void} raise
   * @param {() => number} pause ms
   */
  constructor (raise, pause = () => LEAST + Math.random() * SPREAD) {
    this.raise = raise
    this.pause = pause
    /** @type {Set<string>} */
    this.pending = new Set()
  }

  /** @param {string} name of something that has changed on the server */
  schedule (name) {
    for (const event of refreshedBy(name)) {
      if (this.pending.has(event)) continue
      this.pending.add(event)
      setTimeout(() => {
        this.pending.delete(event)
        this.raise(event)
      }, this.pause())
    }
  }
}
