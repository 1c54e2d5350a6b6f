/** A log in memory that speaks the server's side of the wire, in the place of WebSocket. */
import assert from 'node:assert/strict'
import { FakeClock } from './clock.mjs'

const number = (value) => {
  const bytes = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push(128 | (value % 128))
  return [...bytes, value]
}

class Bytes {
  constructor (bytes) { Object.assign(this, { bytes, at: 0 }) }

  number () {
    for (let value = 0, unit = 1; ; unit *= 128) {
      const byte = this.bytes[this.at++]
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
  }

  data () {
    const size = this.number()
    this.at += size
    return this.bytes.slice(this.at - size, this.at)
  }
}

export class Log {
  constructor (clock = new FakeClock()) {
    this.clock = clock
    this.opened = 0
    this.updatesHeard = 0
    this.full = this.hangs = this.swallows = false
    const ping = () => {
      this.broadcast({ t: 'ping' })
      clock.later(ping, 5000)
    }
    clock.later(ping, 5000)
    Object.assign(this, { rows: [], epoch: 7, frozen: false, deaf: false, refusal: null, closes: 0, live: new Set(), isUp: true })
    const log = this
    this.Socket = class {
      static OPEN = 1
      static CLOSING = 2
      readyState = 0
      constructor () { clock.later(() => log.open(this), 1) }
      send (frame) { log.received(this, frame) }
      close () {
        this.readyState = 3
        log.live.delete(this)
      }
    }
  }

  down () {
    this.isUp = false
    for (const socket of this.live) this.end(socket, 1006)
  }

  up () { this.isUp = true }

  /** Lets one editor's socket hang as a dead network does: nothing arrives, nothing closes. */
  silence ({ connection }) { this.live.delete(connection.socket) }

  restore () {
    this.rows = []
    this.epoch = 8
  }

  open (socket) {
    this.opened++
    if (this.hangs) return
    if (!this.isUp) return this.end(socket, 1006)
    if (this.closes) return this.end(socket, this.closes)
    socket.readyState = 1
    socket.onopen?.({})
  }

  end (socket, code, reason = '') {
    socket.readyState = 3
    this.live.delete(socket)
    this.clock.later(() => socket.onclose?.({ code, reason }), 1)
  }

  deliver (socket, message) { socket.onmessage?.({ data: JSON.stringify(message) }) }

  broadcast (message) { for (const socket of this.live) this.deliver(socket, message) }

  stored (writer) { return this.rows.filter((row) => row.writer === writer).length }

  rowsAfter (seq) {
    const rows = this.rows.slice(seq)
    const body = rows.flatMap(({ writer, n, data }) => [...number(writer), ...number(n), ...number(data.length), ...data])
    return new Uint8Array([2, ...number(seq + 1), ...number(this.rows.length + 100), ...number(rows.length), ...body]).buffer
  }

  received (socket, frame) {
    if (typeof frame === 'string') this.hello(socket, JSON.parse(frame))
    else this.updates(socket, new Bytes(frame))
  }

  hello (socket, { epoch, have, tag, writers, names }) {
    this.names = names
    socket.writers = writers
    if (have && (epoch !== this.epoch || have > this.rows.length)) {
      this.deliver(socket, { t: 'reset', why: 'epoch' })
      return this.end(socket, 4410, 'epoch')
    }
    if (have) assert.ok(tag >= 100)
    this.deliver(socket, { t: 'welcome', conn: 1, epoch: this.epoch, last: this.rows.length, frozen: this.frozen, acked: writers.map((writer) => this.stored(writer)) })
    if (this.rows.length > have) socket.onmessage({ data: this.rowsAfter(have) })
    this.live.add(socket)
    this.deliver(socket, { t: 'live', seq: this.rows.length, frozen: this.frozen })
  }

  updates (socket, reader) {
    while (reader.at < reader.bytes.length) {
      if (reader.number() !== 4) return // a cursor
      const writer = socket.writers[reader.number()]
      const n = reader.number()
      const data = reader.data()
      this.updatesHeard++
      if (this.swallows === true || this.swallows === writer) return
      if (this.full) return this.end(socket, 1012)
      if (this.frozen) return this.clock.later(() => this.deliver(socket, { t: 'frozen', by: null }), 1)
      if (this.refusal) {
        this.deliver(socket, { t: 'refused', w: 0, n, why: this.refusal })
        return this.end(socket, 4422, 'refused')
      }
      if (n !== this.stored(writer) + 1) continue
      this.rows.push({ writer, n, data })
      const seq = this.rows.length - 1
      if (!this.deaf) this.clock.later(() => { for (const one of this.live) one.onmessage({ data: this.rowsAfter(seq) }) }, 1)
    }
  }
}
