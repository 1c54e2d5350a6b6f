/**
 * The part of the log that this device holds: its last number, and its rows or a snapshot of them.
 *
 * A snapshot is taken only of a document that equals the log, never of one with unsent words.
 */
import * as Y from 'yjs'

/**
 * @import { Found, Have, Store } from './store.js'
 * @import { Row, Rows, Snapshot } from './wire.js'
 */

const CACHED = 300 // rows after which the cache becomes one snapshot

export class Replica {
  /** @param {Pick<Store, 'addRow'|'setSnapshot'|'gap'>} store */
  constructor (store) {
    this.store = store
    /** @type {Have|null} of the last row */
    this.have = null
    this.rows = 0
    this.exact = true // false once the document holds something that will never be in the log
  }

  get seq () { return this.have?.seq ?? 0 }

  /**
   * Accepts what the store has read; returns its updates in order.
   * @param {Pick<Found, 'have'|'snapshot'|'rows'>} found
   */
  load ({ have, snapshot, rows }) {
    this.have = have
    this.rows = rows.length
    return [...(snapshot ? [snapshot.state] : []), ...rows.map((row) => row.data)]
  }

  /**
   * @param {Snapshot} part
   * @param {number} epoch
   */
  takeSnapshot ({ seq, tag, state }, epoch) {
    const have = { seq, tag, epoch }
    this.have = have
    this.store.setSnapshot({ ...have, state })
    return state
  }

  /**
   * Accepts the next rows and returns the new ones; null if some before them are missing.
   * @param {Rows} part
   * @param {number} epoch
   * @returns {Row[]|null}
   */
  takeRows ({ first, tag, rows }, epoch) {
    if (first > this.seq + 1) return null
    const fresh = rows.slice(this.seq + 1 - first) // overlap with the catch-up is normal
    for (const row of fresh) {
      const have = { seq: this.seq + 1, tag, epoch }
      this.have = have
      this.store.addRow({ ...have, data: row.data })
    }
    this.rows += fresh.length
    return fresh
  }

  /**
   * Replaces many cached rows by a snapshot of the document; nothing waits for this.
   * @param {Y.Doc} doc
   */
  compact (doc) {
    const { pendingStructs, pendingDs } = doc.store
    const needed = this.rows > CACHED || this.store.gap
    if (!needed || !this.exact || !this.have || pendingStructs || pendingDs) return
    this.rows = 0
    this.store.gap = false
    this.store.setSnapshot({ ...this.have, state: Y.encodeStateAsUpdate(doc) })
  }
}
