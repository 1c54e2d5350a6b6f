/**
 * One live text: its document, the socket to the log, the outbox and what is known to be saved.
 *
 * The document holds only rows of the log, outbox records loaded at the start, and edits made here.
 * The outbox goes out in its order, and a record leaves it when its own row comes back.
 */
import * as Y from 'yjs'
import { Connection } from './connection.js'
import { putAside } from './leftovers.js'
import { Outbox } from './outbox.js'
import { Presence } from './presence.js'
import { Replica } from './replica.js'
import { Store } from './store.js'
import { cursorFrame, readCursor, updateFrames } from './wire.js'
import { VERSION } from './schema.js'

/**
 * @import { Message } from './connection.js'
 * @import { People } from './presence.js'
 * @import { Found, OutboxRecord, Unsent } from './store.js'
 * @import { Cursors, Part, Rows } from './wire.js'
 * @typedef {'loading'|'offline'|'catching up'|'live'|'ended'|'removed'|'reload'|'stopped'} State
 * @typedef {object} Listeners
 * @property {() => void} changed
 * @property {() => void} redraw
 * @property {(unsent: Unsent & {words: boolean, stored: boolean, frozen: boolean}) => void} reset
 * @property {(name: string) => void} told
 * @property {(people: People) => void} people
 */

const DEAD = 10000 // ms after which a silent connection is given up
const PACE = 50 // ms between two frames of mine: fast typing goes out a few keys at a time
const TAKEN = 4411 // somebody else has this client id: a new document gets a new one
/** @type {Record<number, State>} */
const ENDINGS = { 4401: 'ended', 4403: 'removed', 4409: 'reload' }
/** @type {Record<number, string>} */
const REFUSALS = { 4400: 'refused', 4410: 'reset', 4411: 'refused', 4413: 'refused', 4422: 'refused' }

export class Provider {
  /**
   * @param {{url: string, person: number, database: string, frozen: boolean, listeners: Listeners}} options
   */
  constructor ({ url, person, database, frozen, listeners }) {
    /**  */
    this.listeners = listeners
    this.person = person
    this.frozen = frozen
    /** @type {string|null} */
    this.frozenBy = null
    /** @type {State} */
    this.state = 'loading'
    this.doc = new Y.Doc()
    this.presence = new Presence()
    this.presence.send = (cursor) => this.sendCursor(cursor)
    this.store = new Store(database, () => this.changed())
    this.outbox = new Outbox(this.store)
    this.replica = new Replica(this.store)
    /** @type {{updates: Uint8Array[], moved: boolean}|null} what waits while an input method composes */
    this.held = null
    this.sent = 0
    /**
     * @type {OutboxRecord[]} not yet sent over this connection
     * 
     */
    this.fresh = []
    /** @type {ReturnType<typeof setTimeout>|null} */
    this.pace = null
    /** @type {number[]} those that the hello names, in its order */
    this.writers = []
    /** @type {Map<number, number>} writer → its place in the hello */
    this.places = new Map()
    /** @type {string|null} why the server refused, in its words */
    this.refusal = null
    this.epoch = 0
    this.conn = 0
    this.stopped = false
    this.gone = false
    this.n = 0
    this.writer = 0
    this.connection = new Connection(url, {
      opened: () => this.hello(),
      heard: (message) => this.hear(message),
      read: (parts) => this.read(parts),
      lost: () => this.lost(),
      closed: (code, reason) => this.closed(code, reason)
    })
    this.nameWriter()
  }

  async start () {
    // Before the load: Yjs itself may tidy up formatting while loading.
    this.doc.on('update', (update, _origin, _doc, transaction) => { if (transaction.local) this.keep(update) })
    try {
      await this.store.open()
      this.take(await this.store.load())
    } catch (error) {
      this.store.fail(error instanceof Error ? error.name : 'failed')
    }
    this.watch = setInterval(() => this.look(), 1000)
    this.connection.open()
  }

  /** @param {Found} found */
  take (found) {
    this.apply([...this.replica.load(found), ...found.outbox.map((record) => record.data)])
    this.outbox.records.unshift(...found.outbox)
  }

  nameWriter () {
    this.writer = this.doc.clientID
    this.n = 0
  }

  // ---- edits made here

  /** @param {Uint8Array} data */
  keep (data) {
    if (this.stopped) return
    if (this.doc.clientID !== this.writer) { // Yjs met its own id in somebody else's update
      this.nameWriter()
      this.reconnect()
    }
    const record = this.outbox.add(this.writer, ++this.n, data)
    this.fresh.push(record)
    this.pace ??= setTimeout(() => this.sendFresh(), Math.max(0, this.sent + PACE - Date.now()))
    this.changed()
  }

  sendFresh () {
    this.pace = null
    if (this.state === 'live' && !this.frozen) this.sendRecords(this.fresh)
  }

  /** @param {OutboxRecord[]} records */
  sendRecords (records) {
    this.fresh = []
    this.sent = Date.now()
    for (const record of records) record.at = Date.now()
    for (const frame of updateFrames(records, this.places)) this.connection.send(frame)
  }

  /** @param {object|null} cursor */
  sendCursor (cursor) {
    const frame = this.state === 'live' && cursorFrame(cursor)
    if (frame) this.connection.send(frame)
  }

  // ---- the connection

  hello () {
    const earlier = this.outbox.writers
    earlier.delete(this.writer)
    this.writers = [...earlier, this.writer]
    this.places = new Map(this.writers.map((writer, place) => [writer, place]))
    const { epoch = 0, seq = 0, tag = 0 } = this.replica.have ?? {}
    this.connection.say({ t: 'hello', schema: VERSION, epoch, have: seq, tag, person: this.person, writers: this.writers })
  }

  /**
   * Decides what a closed socket means; true says that it is opened again after a while.
   * @param {number} code
   * @param {string} reason
   */
  closed (code, reason) {
    const refusal = REFUSALS[code]
    if (refusal && (!this.outbox.empty || refusal === 'reset' || code === TAKEN)) {
      this.quarantine(refusal, this.refusal ?? reason)
      return false
    }
    this.set(ENDINGS[code] ?? 'offline')
    if (this.state === 'removed' || this.state === 'reload') this.stopped = true
    return this.state === 'offline'
  }

  lost () {
    this.presence.clear()
    this.listeners.people({})
  }

  reconnect () {
    if (this.stopped) return
    this.set('offline')
    this.connection.reopen()
  }

  /** Tries again now, where it is waiting for its next attempt or for a new sign-in. */
  retry () { if (!this.stopped && this.state !== 'loading') this.connection.open() }

  look () {
    const now = Date.now()
    const waiting = this.state === 'live' ? this.outbox.waitingSince ?? now : this.connection.active
    if (this.connection.socket && now - waiting > DEAD && !(this.frozen && this.state === 'live')) this.reconnect()
    else if (this.outbox.late) this.changed()
  }

  // ---- what the server says

  /** @param {Message} message */
  hear (message) {
    /** @type {Record<string, () => void>} */
    const answer = {
      welcome: () => {
        this.conn = message.conn
        this.epoch = message.epoch
        this.refusal = null
        message.acked.forEach((/** @type {number} */ n, /** @type {number} */ place) => this.outbox.acknowledge(this.writers[place], n))
        this.set('catching up')
      },
      live: () => this.begin(message.frozen),
      people: () => {
        this.presence.name(message.p)
        this.listeners.people(message.p)
      },
      // Not yet the moment to judge the outbox: its rows may be on their way. The catch-up tells.
      frozen: () => {
        this.frozen = true
        this.frozenBy = message.by ?? null
        this.reconnect()
      },
      thawed: () => {
        this.frozen = false
        if (this.state === 'live') this.sendRecords(this.outbox.records)
      },
      gap: () => this.skip(this.writers[message.w]),
      refused: () => { this.refusal = message.why },
      reset: () => { this.refusal = message.why },
      event: () => this.listeners.told(message.name)
    }
    answer[message.t]?.()
    this.changed()
  }

  /** @param {boolean} frozen */
  begin (frozen) {
    this.connection.tries = 0
    this.frozen = frozen
    this.set('live')
    if (!frozen) this.sendRecords(this.outbox.records)
    else if (this.outbox.hasWords) this.quarantine('frozen', this.frozenBy)
    else if (!this.outbox.empty) this.forget()
    this.sendCursor(this.presence.mine.cursor)
  }

  /** Drops what only tidied the formatting of a text that has frozen meanwhile. */
  forget () {
    this.replica.exact = false
    this.outbox.clear()
  }

  /**
   * A record before these is missing: another tab has it. Mine alone are sent anew.
   * @param {number} writer
   */
  skip (writer) {
    if (writer === this.writer) return this.reconnect()
    this.replica.exact = false
    this.outbox.skip(writer)
  }

  /** @param {Part[]} parts */
  read (parts) {
    /** @type {Uint8Array[]} */
    const updates = []
    let moved = false
    let hole = false
    for (const part of parts) {
      if (part.kind === 'snapshot') updates.push(this.replica.takeSnapshot(part, this.epoch))
      else if (part.kind === 'presence') moved = this.takePresence(part) || moved
      else {
        const fresh = this.takeRows(part)
        hole ||= !fresh
        updates.push(...fresh ?? [])
      }
    }
    if (this.held) {
      this.held.updates.push(...updates)
      this.held.moved ||= moved
    } else this.show(updates, moved)
    if (this.outbox.empty && !this.held?.updates.length) this.replica.compact(this.doc)
    if (hole) this.reconnect()
    this.changed()
  }

  /**
   * Takes rows that come next; gives those that the document has not, null where a hole gapes.
   * @param {Rows} part
   * @returns {Uint8Array[]|null}
   */
  takeRows (part) {
    const rows = this.replica.takeRows(part, this.epoch)
    for (const { writer, n } of rows ?? []) this.outbox.acknowledge(writer, n)
    return rows && rows.filter((row) => row.writer !== this.writer).map((row) => row.data) // my own are there already
  }

  /** @param {Cursors} part */
  takePresence ({ people }) {
    for (const { conn, data } of people) if (conn !== this.conn) this.presence.place(conn, readCursor(data))
    return people.length > 0
  }

  // ---- the document

  /** @param {Uint8Array[]} updates */
  apply (updates) {
    if (!updates.length) return
    try {
      Y.transact(this.doc, () => { for (const update of updates) Y.applyUpdate(this.doc, update) }, this, false)
    } catch (error) { // the document is right, the view behind it is not
      console.error('live text', error)
      this.listeners.redraw()
    }
  }

  /**
   * @param {Uint8Array[]} updates
   * @param {boolean} moved
   */
  show (updates, moved) {
    this.apply(updates)
    if (moved) this.presence.changed()
  }

  /** Keeps the words of others waiting while an input method composes. */
  hold () { this.held ??= { updates: [], moved: false } }

  release () {
    const { held } = this
    this.held = null
    if (held && !this.gone) this.show(held.updates, held.moved)
    this.changed()
  }

  /**
   * Puts aside what the server will not take, and asks for a fresh start from the log.
   * @param {string} why
   * @param {string|null} [reason]
   */
  async quarantine (why, reason) {
    this.stopped = true
    this.connection.stop()
    this.set('stopped')
    this.listeners.reset({ ...await putAside(this, why, reason ?? ''), frozen: this.frozen })
  }

  /** @param {State} state */
  set (state) {
    this.state = state
    this.changed()
  }

  changed () { if (!this.gone) this.listeners.changed() }

  stop () {
    this.gone = this.stopped = true
    clearInterval(this.watch)
    clearTimeout(this.pace ?? undefined)
    this.connection.stop()
    this.presence.stop()
    this.store.flush().then(() => this.store.close())
    this.doc.destroy()
  }
}
