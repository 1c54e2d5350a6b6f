/**
 * The copy kept in this browser: rows of the log (a cache), the outbox (what the server has not
 * acknowledged), and unsent words that the server did not accept.
 *
 * All writes go through one queue, one transaction each, so that an outbox record is never on disk
 * without the rows that its text builds on.
 *
 * @typedef {{writer: number, n: number, data: Uint8Array, key?: IDBValidKey, at?: number, sent?: number, acked?: boolean}} OutboxRecord
 *   key: its key on the disk, once it is there; at, sent: when it was written and last sent, by the clock
 * @typedef {{seq: number, tag: number, epoch: number}} Have the last row of the log that is here
 * @typedef {Have & {data: Uint8Array}} KeptRow
 * @typedef {Have & {state: Uint8Array}} KeptSnapshot
 * @typedef {{why: string, reason: string, text: string, at: number}} Unsent words that the server would not take
 * @typedef {{have: Have|null, snapshot: KeptSnapshot|null, rows: KeptRow[], outbox: OutboxRecord[]}} Found
 * @typedef {{rows: KeptRow[], add: OutboxRecord[], remove: OutboxRecord[], snapshot: KeptSnapshot|null, unsent: Unsent|null, clear: boolean}} Batch
 */
import { asked } from '../../workgroup/static/device.js'
import { pageClock } from './clock.js'

/** @import { Clock, Timer } from './clock.js' */

const RETRY = 2000 // ms before a failed write is tried again
const OPENING = 5000 // ms that the browser may take to open the database; some never answer
const LATER = 200 // ms that rows may wait; an outbox record is written at once, with them

/** @returns {Batch} */
const nothing = () => ({ rows: [], add: [], remove: [], snapshot: null, unsent: null, clear: false })

export class Store {
  /**
   * @param {string} name
   * @param {() => void} onChange called when the store breaks or heals
   * @param {Clock} clock
   */
  constructor (name, onChange = () => {}, clock = pageClock) {
    this.clock = clock
    this.name = name
    this.onChange = onChange
    this.pending = nothing()
    /** @type {Promise<void>} */
    this.writing = Promise.resolve()
    /** @type {Timer} */
    this.timer = null
    /** @type {string|null} */
    this.broken = null
    /** @type {IDBDatabase|null} */
    this.database = null
    this.sealed = false
    this.gap = false // the cached rows have a hole: a snapshot must replace them
  }

  async open () {
    const request = indexedDB.open(this.name, 1)
    request.onupgradeneeded = () => {
      const { result } = request
      result.createObjectStore('meta')
      result.createObjectStore('rows')
      result.createObjectStore('outbox', { autoIncrement: true })
      result.createObjectStore('unsent', { autoIncrement: true })
    }
    const database = await this.inTime(request)
    if (this.sealed) return database.close()
    // Another tab deletes it, because the person signs out there: it must not be created again.
    database.onversionchange = () => {
      this.seal()
      this.fail('deleted')
    }
    database.onclose = () => this.lose('closed') // site data cleared while the page is open
    this.database = database
  }

  /**
   * One that opens after all is closed: it has been given up, and the next write opens its own.
   * @param {IDBOpenDBRequest} request
   * @returns {Promise<IDBDatabase>}
   */
  inTime (request) {
    return new Promise((resolve, reject) => {
      let isLate = false
      const timer = this.clock.later(() => {
        isLate = true
        reject(new DOMException('the browser does not open the database', 'TimeoutError'))
      }, OPENING)
      asked(request).then((database) => isLate ? database.close() : resolve(database), reject)
        .finally(() => this.clock.cancel(timer))
    })
  }

  get opened () {
    if (!this.database) throw new DOMException('the database is closed', 'InvalidStateError')
    return this.database
  }

  /** @param {string} why */
  lose (why) {
    this.database?.close()
    this.database = null
    this.fail(why)
  }

  /** @param {string} why */
  fail (why) {
    this.broken = why
    this.onChange()
  }

  /**
   * Reads everything in one transaction, so that cache and outbox agree.
   * @returns {Promise<Found>}
   */
  async load () {
    const transaction = this.opened.transaction(['meta', 'rows', 'outbox'])
    const meta = transaction.objectStore('meta')
    const outbox = transaction.objectStore('outbox')
    const [have, snapshot, rows, records, keys] = await Promise.all([
      asked(meta.get('have')), asked(meta.get('snapshot')), asked(transaction.objectStore('rows').getAll()),
      asked(outbox.getAll()), asked(outbox.getAllKeys())
    ])
    return {
      have: have ?? null,
      snapshot: snapshot ?? null,
      rows: rows.filter((row) => row.seq > (snapshot?.seq ?? 0)),
      outbox: records.map((record, index) => ({ ...record, key: keys[index] }))
    }
  }

  /**
   * Lists stored unsent words, each with the key to delete it by.
   * @returns {Promise<(Unsent & {key: IDBValidKey})[]>}
   */
  async unsent () {
    const store = this.opened.transaction('unsent').objectStore('unsent')
    const [values, keys] = await Promise.all([asked(store.getAll()), asked(store.getAllKeys())])
    return values.map((value, index) => ({ ...value, key: keys[index] }))
  }

  /** @param {IDBValidKey} key */
  async forgetUnsent (key) {
    if (!this.database) return
    await asked(this.database.transaction('unsent', 'readwrite').objectStore('unsent').delete(key))
  }

  /** @param {OutboxRecord} record */
  addRecord (record) {
    this.pending.add.push(record)
    return this.flush()
  }

  /** @param {OutboxRecord} record */
  removeRecord (record) {
    this.pending.remove.push(record)
    this.later()
  }

  /** @param {KeptRow} row */
  addRow (row) {
    this.pending.rows.push(row)
    this.later()
  }

  /** @param {KeptSnapshot} snapshot */
  setSnapshot (snapshot) {
    this.pending.rows = []
    this.pending.snapshot = snapshot
    this.later()
  }

  later (delay = LATER) {
    if (this.sealed) return
    if (!this.timer) this.timer = this.clock.later(() => this.flush(), delay)
  }

  /** Writes what is pending; the promise resolves when it is on disk, or has failed. */
  flush () {
    this.clock.cancel(this.timer)
    this.timer = null
    const batch = this.pending
    this.pending = nothing()
    this.writing = this.writing.then(() => this.write(batch)).catch((error) => this.postpone(batch, error))
    return this.writing
  }

  /**
   * @param {Batch} batch
   * @param {unknown} error
   */
  postpone (batch, error) {
    for (const record of batch.add) delete record.key // the transaction was rolled back
    this.pending.add.unshift(...batch.add.filter((record) => !record.acked))
    this.pending.remove.unshift(...batch.remove)
    this.pending.unsent ??= batch.unsent
    this.pending.clear ||= batch.clear
    this.gap = true
    this.fail(error instanceof Error ? error.name : 'failed')
    this.later(RETRY)
  }

  /** @param {Batch} batch */
  async write (batch) {
    if (this.sealed) return
    if (!this.database) await this.open()
    const transaction = this.opened.transaction(['meta', 'rows', 'outbox', 'unsent'], 'readwrite')
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(undefined)
      transaction.onabort = transaction.onerror = () => reject(transaction.error)
    })
    const work = this.fill(transaction, batch)
    await Promise.all([done, work])
    if (this.broken) {
      this.broken = null
      this.onChange()
    }
  }

  /**
   * @param {IDBTransaction} transaction
   * @param {Batch} batch
   */
  async fill (transaction, batch) {
    const meta = transaction.objectStore('meta')
    const rows = transaction.objectStore('rows')
    const outbox = transaction.objectStore('outbox')
    if (batch.clear) for (const store of [meta, rows, outbox]) store.clear()
    if (batch.unsent) transaction.objectStore('unsent').add(batch.unsent)
    const have = await asked(meta.get('have'))
    this.putRows(meta, rows, batch.rows, this.putSnapshot(meta, rows, batch.snapshot, have))
    for (const record of batch.remove) if (record.key !== undefined) outbox.delete(record.key)
    for (const record of batch.add) if (!record.acked) this.putRecord(outbox, record)
  }

  /**
   * @param {IDBObjectStore} meta
   * @param {IDBObjectStore} rows
   * @param {KeptSnapshot|null} snapshot
   * @param {Have|undefined} have
   * @returns {Have|undefined} what is on the disk now
   */
  putSnapshot (meta, rows, snapshot, have) {
    if (!snapshot || (have && have.epoch === snapshot.epoch && have.seq > snapshot.seq)) return have
    const { seq, tag, epoch } = snapshot
    meta.put(snapshot, 'snapshot')
    meta.put({ seq, tag, epoch }, 'have')
    if (have && have.epoch !== epoch) rows.clear() // of an earlier epoch of the text
    else rows.delete(IDBKeyRange.upperBound(seq))
    return { seq, tag, epoch }
  }

  /**
   * @param {IDBObjectStore} meta
   * @param {IDBObjectStore} rows
   * @param {KeptRow[]} fresh
   * @param {Have|undefined} have
   */
  putRows (meta, rows, fresh, have) {
    if (!fresh.length) return
    const base = have?.seq ?? 0
    // The cache is gone or too old: never leave a hole in it. Or another tab has loaded the text again,
    // which was restored: the rows of one epoch never stand on those of another.
    if (base < fresh[0].seq - 1 || (have && have.epoch !== fresh[0].epoch)) {
      this.gap = true
      return
    }
    const later = fresh.filter((row) => row.seq > base) // another tab may be ahead
    for (const row of later) rows.put(row, row.seq)
    const last = later[later.length - 1]
    if (last) meta.put({ seq: last.seq, tag: last.tag, epoch: last.epoch }, 'have')
  }

  /**
   * @param {IDBObjectStore} outbox
   * @param {OutboxRecord} record
   */
  putRecord (outbox, record) {
    const { writer, n, data } = record
    const request = outbox.add({ writer, n, data })
    // If the server is faster than the disk, a later write removes it, when the key is known.
    request.onsuccess = () => { record.key = request.result }
  }

  /** Closes for good: nothing more is written, and the database is not created again. */
  seal () {
    this.sealed = true
    this.pending = nothing()
    this.close()
  }

  close () {
    this.clock.cancel(this.timer)
    this.timer = null
    if (this.database) this.database.onclose = null
    this.database?.close()
    this.database = null
  }
}
