/**
 * What this device holds of the log: how far, and the rows or the snapshot that stand for it.
 *
 * A snapshot is made only of a document that is exactly the log, never of one with words that wait.
 */
import * as Y from 'yjs'

const CACHED = 300 // rows after which the cache becomes one snapshot

export class Replica {
  constructor (store) {
    this.store = store
    this.have = null // {seq, tag, epoch} of the last row
    this.rows = 0
    this.exact = true // false once the document holds something that will never be in the log
  }

  get seq () { return this.have?.seq ?? 0 }

  /** Takes what the store has read; gives the updates of it in their order. */
  load ({ have, snapshot, rows }) {
    this.have = have
    this.rows = rows.length
    return [...(snapshot ? [snapshot.state] : []), ...rows.map((row) => row.data)]
  }

  takeSnapshot ({ seq, tag, state }, epoch) {
    this.have = { seq, tag, epoch }
    this.store.setSnapshot({ ...this.have, state })
    return state
  }

  /** Takes rows that come next and gives them back; null where some before them are missing. */
  takeRows ({ first, tag, rows }, epoch) {
    if (first > this.seq + 1) return null
    const fresh = rows.slice(this.seq + 1 - first) // overlap with the catch-up is normal
    for (const row of fresh) {
      this.have = { seq: this.seq + 1, tag, epoch }
      this.store.addRow({ ...this.have, data: row.data })
    }
    this.rows += fresh.length
    return fresh
  }

  /** Turns many cached rows into one snapshot of the document, which nothing waits for. */
  compact (doc) {
    const { pendingStructs, pendingDs } = doc.store
    const needed = this.rows > CACHED || this.store.gap
    if (!needed || !this.exact || !this.have || pendingStructs || pendingDs) return
    this.rows = 0
    this.store.gap = false
    this.store.setSnapshot({ ...this.have, state: Y.encodeStateAsUpdate(doc) })
  }
}
