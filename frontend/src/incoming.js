/**
 * Applies the words of others to the document. They wait while an input method composes, because a
 * redraw of the paragraph during a composition would abort it.
 */
import * as Y from 'yjs'

export class Incoming {
  /**
   * @param {Y.Doc} doc
   * @param {{moved: () => void, failed: () => void}} listeners
   *   moved: somebody's cursor did; failed: the view could not follow the document
   */
  constructor (doc, listeners) {
    this.doc = doc
    this.listeners = listeners
    /** @type {{updates: Uint8Array[], moved: boolean}|null} */
    this.held = null
    /** @type {(() => void)|null} */
    this.prepare = null // what the view does before others' words change it
  }

  /** True while the document lacks rows that have arrived. */
  get waiting () { return Boolean(this.held?.updates.length) }

  /**
   * @param {Uint8Array[]} updates
   * @param {boolean} moved
   */
  take (updates, moved) {
    if (this.held) {
      this.held.updates.push(...updates)
      this.held.moved ||= moved
      return
    }
    this.apply(updates)
    if (moved) this.listeners.moved()
  }

  /** @param {Uint8Array[]} updates */
  apply (updates) {
    if (!updates.length) return
    this.attempt(() => this.prepare?.())
    this.attempt(() => Y.transact(this.doc, () => { for (const update of updates) Y.applyUpdate(this.doc, update) }, this, false))
  }

  /**
   * Whatever the view throws, the document is right, and only the view is out of date.
   * @param {() => void} act
   */
  attempt (act) {
    try {
      act()
    } catch (error) {
      console.error('live text', error)
      this.listeners.failed()
    }
  }

  hold () { this.held ??= { updates: [], moved: false } }

  stop () { this.held = null }

  release () {
    const { held } = this
    this.held = null
    if (held) this.take(held.updates, held.moved)
  }
}
