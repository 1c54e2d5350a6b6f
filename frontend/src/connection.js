/**
 * The socket of one live text: opens it, opens it again after a loss, and gives up on a silent one.
 *
 * It knows frames, not their meaning. The pause before a new attempt grows until the server proves
 * that it works again, by storing something: a socket that merely opens proves nothing while the
 * server's disk is full. Jitter keeps the editors of a cohort from reconnecting all at once.
 */
import { backoff } from '../../workgroup/static/backoff.js'
import { readFrame } from './wire.js'

/**
 * @import { Clock, Timer } from './clock.js'
 * @import { Part } from './wire.js'
 * @typedef {{t: string, [name: string]: any}} Message a text frame; each kind has its own fields
 * @typedef {'soon'|'slowly'|'never'} Comeback
 * @typedef {object} Handlers
 * @property {() => void} opened
 * @property {(message: Message) => void} received
 * @property {(parts: Part[]) => void} read
 * @property {() => void} lost
 * @property {(code: number, reason: string) => Comeback} closed decides whether to open it again
 */

const SLOW_PAUSE = 60000 // ms, after a code that means that the server will need a while
const PING_PERIOD = 5000 // ms: the server sends something at least this often
const PING_SLACK = 2000 // ms that a frame may be late on a slow network
// ms without any frame, three pings of the server, after which an open socket is taken for dead. The page
// looks once a second, and a loss is shown a second after it is seen: so a reader sees it within 15 seconds.
const SILENCE = 12000
const HANDSHAKE = 10000 // ms that a socket may take to open and to send its first frame

/** The pause before the next attempt, from the attempts since the server last stored something. */
export const pauseBefore = backoff(100, 10000)

export class Connection {
  /**
   * @param {string} url
   * @param {Handlers} handlers
   * @param {{clock: Clock, Socket: typeof WebSocket, random?: () => number}} surroundings
   */
  constructor (url, handlers, { clock, Socket, random = Math.random }) {
    this.url = url
    this.handlers = handlers
    this.clock = clock
    this.Socket = Socket
    this.random = random
    /** @type {WebSocket|null} */
    this.socket = null
    /** @type {Timer} */
    this.timer = null
    this.tries = 0
    this.active = 0 // when something last arrived, by the clock
    this.greeted = false // whether anything has arrived on this socket
    this.stopped = false
  }

  /** Opens a socket unless there is one; a planned attempt may come after another one. */
  open () {
    if (this.socket || this.stopped) return
    this.active = this.clock.now()
    this.greeted = false
    const socket = new this.Socket(this.url)
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    /**
     * @template E
     * @param {(event: E) => void} act
     * @returns {(event: E) => void} does nothing once another socket has taken this one's place
     */
    const current = (act) => (event) => { if (socket === this.socket) act(event) }
    socket.onopen = current(() => this.handlers.opened())
    socket.onmessage = current((event) => this.receive(event.data))
    socket.onclose = current((event) => this.end(event.code, event.reason))
  }

  /** @param {string|ArrayBuffer} data */
  receive (data) {
    this.active = this.clock.now()
    this.greeted = true
    try {
      if (typeof data === 'string') this.handlers.received(JSON.parse(data))
      else this.handlers.read(readFrame(data))
    } catch (error) {
      console.error('live text', error)
      this.end(1002, '')
    }
  }

  /** @param {object} message */
  sendMessage (message) { this.send(JSON.stringify(message)) }

  /** @param {string|Uint8Array<ArrayBuffer>} frame */
  send (frame) { if (this.socket?.readyState === this.Socket.OPEN) this.socket.send(frame) }

  /** The time since the last frame arrived, in ms. */
  get silence () { return this.clock.now() - this.active }

  /** Gives up on a socket on which no more frames arrive; called every second. */
  look () {
    if (this.socket && this.silence > (this.greeted ? SILENCE : HANDSHAKE)) this.end(1006, '')
  }

  /** Checks the connection now: the network is back, or the person has returned to the page. */
  check () {
    if (!this.socket) this.open()
    else if (this.greeted && this.silence > PING_PERIOD + PING_SLACK) this.reopen()
  }

  /** The server works, so the next loss is followed by an attempt at once. */
  prove () { this.tries = 0 }

  /**
   * @param {number} code
   * @param {string} reason
   */
  end (code, reason) {
    this.drop()
    const comeback = this.handlers.closed(code, reason)
    if (comeback === 'never') return
    const pause = comeback === 'slowly' ? SLOW_PAUSE * (0.75 + this.random() / 2) : pauseBefore(this.tries++, this.random())
    this.timer = this.clock.later(() => this.open(), pause)
  }

  drop () {
    this.clock.cancel(this.timer)
    const { socket } = this
    this.socket = null
    this.handlers.lost()
    if (socket && socket.readyState < this.Socket.CLOSING) socket.close()
  }

  /**
   * Reconnects, so that the catch-up shows what the log holds: at once the first time, later with the
   * usual pauses, so that a server that always answers wrongly is not asked endlessly.
   */
  reopen () {
    this.drop()
    const pause = this.tries ? pauseBefore(this.tries, this.random()) : 0
    this.tries++
    this.timer = this.clock.later(() => this.open(), pause)
  }

  stop () {
    this.stopped = true
    this.drop()
  }
}
