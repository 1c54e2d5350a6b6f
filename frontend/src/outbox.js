/**
 * What was written here and is not yet in the log, in its order, in memory and on this device.
 *
 * A record names its writer (the Yjs client id of one loaded editor) and its number n.
 */
import { addsSomething } from './leftovers.js'

/** @import { OutboxRecord, Store } from './store.js' */

const LATE = 3000 // ms without acknowledgement after which "saving" is no longer said

export class Outbox {
  /** @param {Pick<Store, 'addRecord'|'removeRecord'|'broken'>} store */
  constructor (store) {
    this.store = store
    /** @type {OutboxRecord[]} */
    this.records = []
  }

  get empty () { return this.records.length === 0 }

  /** Writers with something to send, each once. */
  get writers () { return new Set(this.records.map((record) => record.writer)) }

  /**
   * When the oldest record was sent or written, in ms; null where there is none.
   * @returns {number|null}
   */
  get waitingSince () { return this.empty ? null : this.records[0].at ?? 0 }

  /**
   * True when the server has left my words unanswered for too long.
   * @returns {boolean}
   */
  get late () { return this.waitingSince !== null && Date.now() - this.waitingSince > LATE }

  /** True when every word is on this device's disk. */
  get kept () { return !this.store.broken && this.records.every((record) => record.key !== undefined) }

  /** True when something would be lost, not only tidied, if these records were dropped. */
  get hasWords () { return this.records.some((record) => addsSomething(record.data)) }

  /**
   * @param {number} writer
   * @param {number} n
   * @param {Uint8Array} data
   */
  add (writer, n, data) {
    /** @type {OutboxRecord} */
    const record = { writer, n, data, at: Date.now() }
    this.records.push(record)
    this.store.addRecord(record)
    return record
  }

  /**
   * Takes out what the log holds: all of this writer's records up to n.
   * @param {number} writer
   * @param {number} n
   */
  acknowledge (writer, n) {
    /** @param {OutboxRecord} record */
    const here = (record) => record.writer === writer && record.n <= n
    const done = this.records.filter(here)
    if (!done.length) return
    for (const record of done) {
      record.acked = true
      this.store.removeRecord(record)
    }
    this.records = this.records.filter((record) => !record.acked)
  }

  /**
   * Leaves another tab's records to that tab.
   * @param {number} writer
   */
  skip (writer) { this.records = this.records.filter((record) => record.writer !== writer) }

  /** Drops everything, on the disk too. */
  clear () {
    for (const { writer, n } of [...this.records]) this.acknowledge(writer, n)
  }
}
