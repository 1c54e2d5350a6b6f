/**
 * The socket of one live text: opens it, opens it again after a loss, and gives up a silent one.
 *
 * It knows frames, not their meaning. Waiting grows from 0.1 to 10 s, with jitter, so that the
 * editors of a whole cohort do not come back in the same moment.
 */
import { readFrame } from './wire.js'

/**
 * @import { Part } from './wire.js'
 * @typedef {{t: string, [name: string]: any}} Message a text frame; each kind has its own fields
 * @typedef {object} Handlers
 * @property {() => void} opened
 * @property {(message: Message) => void} heard
 * @property {(parts: Part[]) => void} read
 * @property {() => void} lost
 * @property {(code: number, reason: string) => boolean} closed gives whether to come back
 */

const FIRST_PAUSE = 100 // ms
const LAST_PAUSE = 10000 // ms

export class Connection {
  /**
   * @param {string} url
   * @param {Handlers} handlers
   */
  constructor (url, handlers) {
    this.url = url
    this.handlers = handlers
    /** @type {WebSocket|null} */
    this.socket = null
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined
    this.tries = 0
    this.active = 0 // when something was last heard, in ms since the epoch
    this.stopped = false
  }

  open () {
    clearTimeout(this.timer)
    if (this.socket || this.stopped) return
    this.active = Date.now()
    const socket = new WebSocket(this.url)
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    /**
     * @template E
     * @param {(event: E) => void} act
     * @returns {(event: E) => void}
     */
    const current = (act) => (event) => { if (socket === this.socket) act(event) }
    socket.onopen = current(() => this.handlers.opened())
    socket.onmessage = current((event) => this.receive(event.data))
    socket.onclose = current((event) => this.end(event.code, event.reason))
  }

  /** @param {string|ArrayBuffer} data */
  receive (data) {
    this.active = Date.now()
    try {
      if (typeof data === 'string') this.handlers.heard(JSON.parse(data))
      else this.handlers.read(readFrame(data))
    } catch (error) {
      console.error('live text', error)
      this.end(1002, '')
    }
  }

  /** @param {object} message */
  say (message) { this.send(JSON.stringify(message)) }

  /** @param {string|Uint8Array} frame */
  send (frame) { if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(frame) }

  /**
   * @param {number} code
   * @param {string} reason
   */
  end (code, reason) {
    this.drop()
    if (!this.handlers.closed(code, reason) || this.stopped) return
    const pause = Math.min(LAST_PAUSE, FIRST_PAUSE * 2 ** Math.min(this.tries++, 7)) * (0.5 + Math.random() / 2)
    this.timer = setTimeout(() => this.open(), pause)
  }

  drop () {
    clearTimeout(this.timer)
    const { socket } = this
    this.socket = null
    this.handlers.lost()
    if (socket && socket.readyState < WebSocket.CLOSING) socket.close()
  }

  /** Starts anew at once: what the log holds is learned by catching up. */
  reopen () {
    this.drop()
    this.timer = setTimeout(() => this.open(), 0)
  }

  stop () {
    this.stopped = true
    this.drop()
  }
}
