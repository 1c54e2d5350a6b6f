/**
 * Which fragments of the page are fetched again when the server tells that something has changed. A
 * fragment names its event in hx-trigger. A name that is not here refreshes nothing, so that a newer
 * server can speak of things that this page does not show.
 */
/** @type {Record<string, string[]>} */
const REFRESHED_BY = {
  text: [], // its words, a freeze and a thaw come over the wire; what stands above it is its state
  state: ['wg:section'],
  threads: ['wg:comments'],
  ballot: ['wg:section'], // which shows both, so that what changes both is asked for once
  notices: ['wg:notices'] // of the person: new ones, or read on another device
}

/**
 * @param {string} name
 * @returns {string[]} events to raise on the page's body
 */
export const refreshedBy = (name) => (Object.hasOwn(REFRESHED_BY, name) ? REFRESHED_BY[name] : [])

const LEAST = 150 // ms in which all that one act changes arrives
const SPREAD = 400 // ms over which pages ask, so that 300 of them do not ask in the same one

/** Raises the events of changes a random moment later, each once for all changes until then. */
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
