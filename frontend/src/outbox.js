/**
 * What was written here and is not in the log yet, in order, in memory and on this device's disk.
 *
 * A record names its writer (the Yjs client id of one loaded editor) and its number n.
 */
import { addsSomething } from './leftovers.js'

/**
 * @import { Clock } from './clock.js'
 * @import { OutboxRecord, Store } from './store.js'
 */

const LATE = 2000 // ms without acknowledgement; checked every second, so the page shows it within three
const WRITING = 1000 // ms that writing to this device's disk may take

export class Outbox {
  /**
   * @param {Pick<Store, 'addRecord'|'removeRecord'|'broken'>} store
   * @param {Clock} clock
   */
  constructor (store, clock) {
    this.store = store
    this.clock = clock
    /** @type {OutboxRecord[]} */
    this.records = []
    this.overdue = false // the connection was lost while these words waited: only an acknowledgement ends that
  }

  get empty () { return this.records.length === 0 }

  /** Writers with something to send, each once. */
  get writers () { return new Set(this.records.map((record) => record.writer)) }

  /** True when the server has not acknowledged the words for too long, however often they were sent. */
  get late () { return !this.empty && (this.overdue || this.age(this.records[0]) > LATE) }

  /** True when every word is on this device's disk. */
  get kept () { return !this.store.broken && this.records.every((record) => record.key !== undefined) }

  /** True when words are not on this device's disk either, although there was time to write them. */
  get unkept () {
    return Boolean(this.store.broken) || this.records.some((record) => record.key === undefined && this.age(record) > WRITING)
  }

  /** True when this device cannot store anything. */
  get broken () { return Boolean(this.store.broken) }

  /** True when something would be lost, not only tidied, if these records were dropped. */
  get hasWords () { return this.records.some((record) => addsSomething(record.data)) }

  /** @param {OutboxRecord} record */
  age (record) { return this.clock.now() - (record.at ?? 0) }

  /**
   * Adds records that an earlier page load left on this device; they are sent first.
   * @param {OutboxRecord[]} records
   */
  load (records) {
    for (const record of records) record.at = this.clock.now()
    this.records.unshift(...records)
  }

  /**
   * @param {number} writer
   * @param {number} n
   * @param {Uint8Array} data
   */
  add (writer, n, data) {
    /** @type {OutboxRecord} */
    const record = { writer, n, data, at: this.clock.now() }
    this.records.push(record)
    this.store.addRecord(record)
    return record
  }

  /** Records that the connection was lost: what waits is shown as not saved until it is acknowledged. */
  lose () { this.overdue = !this.empty }

  /**
   * Removes what the log holds: all of this writer's records up to n.
   * @param {number} writer
   * @param {number} n
   * @returns {boolean} whether that was news
   */
  acknowledge (writer, n) {
    const done = this.records.filter((record) => record.writer === writer && record.n <= n)
    if (!done.length) return false
    for (const record of done) {
      record.acked = true
      this.store.removeRecord(record)
    }
    this.records = this.records.filter((record) => !record.acked)
    this.overdue = false
    return true
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
