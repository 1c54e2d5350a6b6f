/**
 * Sends the outbox to the server: new words a few keys at a time, and everything that waits after each
 * reconnect. Nothing is sent while the text is frozen or the editor has not caught up with the log.
 */
import { updateFrames } from './wire.js'

/**
 * @import { Clock, Timer } from './clock.js'
 * @import { Outbox } from './outbox.js'
 * @import { OutboxRecord } from './store.js'
 */

const PACE = 50 // ms between two frames: fast typing is sent a few keys at a time
const UNANSWERED = 15000 // ms after which a sent record counts as lost although the socket is open

export class Sender {
  /**
   * @param {Outbox} outbox
   * @param {{clock: Clock, send: (frame: Uint8Array<ArrayBuffer>) => void, ready: () => boolean}} surroundings
   *   ready: whether the server accepts updates now
   */
  constructor (outbox, { clock, send, ready }) {
    this.outbox = outbox
    this.clock = clock
    this.send = send
    this.ready = ready
    /** @type {number[]} those that the hello names, in its order */
    this.writers = []
    /** @type {Map<number, number>} writer → its place in the hello */
    this.places = new Map()
    /** @type {OutboxRecord[]} not yet sent over this connection */
    this.fresh = []
    this.sent = -PACE // when the last frame was sent
    /** @type {Timer} */
    this.timer = null
  }

  /**
   * Lists the writers that this connection sends for: all with words in the outbox, this editor last.
   * @param {number} own
   */
  introduce (own) {
    const earlier = this.outbox.writers
    earlier.delete(own)
    this.writers = [...earlier, own]
    this.places = new Map(this.writers.map((writer, place) => [writer, place]))
    return this.writers
  }

  /** @param {OutboxRecord} record just written */
  add (record) {
    this.fresh.push(record)
    this.timer ??= this.clock.later(() => {
      this.timer = null
      this.sendRecords(this.fresh)
    }, Math.max(0, this.sent + PACE - this.clock.now()))
  }

  /** Sends everything that waits, in order: words of earlier page loads before this one's. */
  sendAll () { this.sendRecords(this.outbox.records) }

  /** @param {OutboxRecord[]} records */
  sendRecords (records) {
    if (!this.ready()) return
    this.fresh = []
    this.sent = this.clock.now()
    for (const record of records) record.sent = this.sent
    for (const frame of updateFrames(records, this.places)) this.send(frame)
  }

  /** True when a record has waited so long for its acknowledgement that asking again is better. */
  get unanswered () {
    const [oldest] = this.outbox.records
    return oldest?.sent !== undefined && this.clock.now() - oldest.sent > UNANSWERED
  }

  stop () { this.clock.cancel(this.timer) }
}
