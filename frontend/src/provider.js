/**
 * One live text: its document, the socket to the log, the outbox and what is known to be saved.
 *
 * The document holds only rows of the log, outbox records loaded at the start, and edits made here.
 * The outbox is sent in order, and a record leaves it when its own row comes back.
 */
import * as Y from 'yjs'
import { pageClock } from './clock.js'
import { Connection } from './connection.js'
import { endingOf, isFinal } from './endings.js'
import { Incoming } from './incoming.js'
import { putAside } from './leftovers.js'
import { MESSAGES } from './messages.js'
import { Outbox } from './outbox.js'
import { Presence } from './presence.js'
import { Replica } from './replica.js'
import { VERSION } from './schema.js'
import { Sender } from './sender.js'
import { Store } from './store.js'
import { cursorFrame, readCursor } from './wire.js'

/**
 * @import { Clock, Timer } from './clock.js'
 * @import { Comeback, Message } from './connection.js'
 * @import { State } from './endings.js'
 * @import { Listeners } from './messages.js'
 * @import { Found } from './store.js'
 * @import { Cursors, Part, Rows } from './wire.js'
 */

export const LOOK = 1000 // ms between two checks of the connection and the outbox

export class Provider {
  /**
   * @param {object} options
   * @param {string} options.url
   * @param {number} options.person
   * @param {string} options.database
   * @param {string} options.names how people were named when the page was made
   * @param {boolean} options.frozen
   * @param {Listeners} options.listeners
   * @param {Clock} [options.clock]
   * @param {typeof WebSocket} [options.Socket]
   */
  constructor ({ url, person, database, names, frozen, listeners, clock = pageClock, Socket = WebSocket }) {
    this.listeners = listeners
    this.person = person
    this.names = names
    this.frozen = frozen
    /** @type {string|null} */
    this.frozenBy = null
    /** @type {State} */
    this.state = 'loading'
    this.wasLive = false
    this.clock = clock
    this.doc = new Y.Doc()
    this.presence = new Presence()
    this.presence.send = (cursor) => this.sendCursor(cursor)
    this.store = new Store(database, () => this.changed(), clock)
    this.outbox = new Outbox(this.store, clock)
    this.replica = new Replica(this.store)
    this.incoming = new Incoming(this.doc, { moved: () => this.presence.changed(), failed: () => this.listeners.redraw() })
    this.connection = new Connection(url, {
      opened: () => this.hello(),
      received: (message) => this.receive(message),
      read: (parts) => this.read(parts),
      lost: () => this.lost(),
      closed: (code, reason) => this.closed(code, reason)
    }, { clock, Socket })
    this.sender = new Sender(this.outbox, {
      clock,
      send: (frame) => this.connection.send(frame),
      ready: () => this.state === 'live' && !this.frozen
    })
    /** @type {string|null} why the server refused, in its words */
    this.refusal = null
    this.fullness = 0 // the used share of what a text can hold; sent by the server when it is nearly full
    this.code = 0 // with which the last socket was closed
    this.epoch = 0
    this.conn = 0
    this.stopped = false
    this.gone = false
    /** @type {Timer} */
    this.watch = null
    this.writer = this.doc.clientID
    this.n = 0
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
    if (this.gone) return
    // People can write at once in what this device holds, however long the server's first answer takes.
    if (this.replica.have && this.state === 'loading') this.set('offline')
    this.look()
    this.connection.open()
  }

  /** @param {Found} found */
  take (found) {
    this.incoming.apply([...this.replica.load(found), ...found.outbox.map((record) => record.data)])
    this.outbox.load(found.outbox)
  }

  // ---- edits made here

  /** @param {Uint8Array} data */
  keep (data) {
    if (this.stopped) return
    if (this.doc.clientID !== this.writer) { // Yjs met its own id in somebody else's update
      this.writer = this.doc.clientID
      this.n = 0
      this.reconnect()
    }
    this.sender.add(this.outbox.add(this.writer, ++this.n, data))
    if (this.wasLive && this.state !== 'live') this.outbox.lose()
    this.changed()
  }

  /** @param {object|null} cursor */
  sendCursor (cursor) {
    const frame = this.state === 'live' && cursorFrame(cursor)
    if (frame) this.connection.send(frame)
  }

  // ---- the connection

  hello () {
    const { epoch = 0, seq = 0, tag = 0 } = this.replica.have ?? {}
    const writers = this.sender.introduce(this.writer)
    this.connection.sendMessage({ t: 'hello', schema: VERSION, epoch, have: seq, tag, person: this.person, names: this.names, writers })
  }

  /**
   * Decides what a closed socket means.
   * @param {number} code
   * @param {string} reason
   * @returns {Comeback}
   */
  closed (code, reason) {
    const { refusal, state, comeback } = endingOf(code, !this.outbox.empty)
    this.code = code
    this.stopped ||= isFinal(state)
    if (refusal) this.quarantine(refusal, this.refusal ?? reason)
    else this.set(state)
    return comeback
  }

  lost () {
    this.outbox.lose()
    this.presence.clear()
    this.listeners.people({})
  }

  reconnect () {
    if (this.stopped) return
    this.set('offline')
    this.connection.reopen()
  }

  /** Makes sure of the connection now, where it waits for its next attempt or has been silent. */
  check () { if (!this.stopped && this.state !== 'loading') this.connection.check() }

  look () {
    this.connection.look()
    if (this.state === 'live' && !this.frozen && this.sender.unanswered) this.reconnect()
    if (!this.outbox.empty) this.changed() // it may have become late
    this.watch = this.clock.later(() => this.look(), LOOK)
  }

  // ---- messages of the server

  /** @param {Message} message */
  receive (message) {
    MESSAGES[message.t]?.(this, message)
    if (message.t !== 'ping') this.changed()
  }

  /**
   * @param {number} writer
   * @param {number} n
   */
  acknowledge (writer, n) { if (this.outbox.acknowledge(writer, n)) this.connection.prove() }

  /** @param {boolean} frozen */
  begin (frozen) {
    this.frozen = frozen
    this.wasLive = true
    this.set('live')
    this.sender.sendAll()
    if (frozen && this.outbox.hasWords) this.quarantine('frozen', this.frozenBy)
    else if (frozen && !this.outbox.empty) this.forget()
    this.sendCursor(this.presence.mine.cursor)
  }

  /** Drops records that only tidied the formatting of a text that has been frozen meanwhile. */
  forget () {
    this.replica.exact = false
    this.outbox.clear()
  }

  /**
   * A record before these is missing: another tab has it. Only mine are sent again.
   * @param {number} writer
   */
  skip (writer) {
    if (writer === this.writer) {
      this.reconnect()
      return
    }
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
    this.incoming.take(updates, moved)
    if (this.outbox.empty && !this.incoming.waiting) this.replica.compact(this.doc)
    if (hole) this.reconnect()
    this.changed()
  }

  /**
   * Accepts the next rows; returns those that the document lacks, or null if rows before them are missing.
   * @param {Rows} part
   * @returns {Uint8Array[]|null}
   */
  takeRows (part) {
    const rows = this.replica.takeRows(part, this.epoch)
    for (const { writer, n } of rows ?? []) this.acknowledge(writer, n)
    return rows && rows.filter((row) => row.writer !== this.writer).map((row) => row.data) // my own are there already
  }

  /** @param {Cursors} part */
  takePresence ({ people }) {
    for (const { conn, data } of people) if (conn !== this.conn) this.presence.place(conn, readCursor(data))
    return people.length > 0
  }

  // ---- the end

  /**
   * Puts aside what the server does not accept, and has the text loaded again from the log.
   * @param {string} why
   * @param {string|null} [reason]
   */
  async quarantine (why, reason) {
    this.stopped = true
    this.connection.stop()
    this.set('stopped')
    this.listeners.reset({ ...await putAside(this, why, reason ?? ''), frozen: this.frozen })
  }

  /** The person has signed out: nothing more is written, sent or stored here. */
  leave () {
    this.stopped = true
    this.connection.stop()
    this.store.seal()
    this.set('left')
  }

  /** @param {State} state */
  set (state) {
    this.state = state
    this.changed()
  }

  changed () { if (!this.gone) this.listeners.changed() }

  stop () {
    this.gone = this.stopped = true
    this.clock.cancel(this.watch)
    this.sender.stop()
    this.incoming.stop()
    this.connection.stop()
    this.presence.stop()
    this.store.flush().then(() => this.store.close())
    this.doc.destroy()
  }
}
