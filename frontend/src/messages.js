/** What each text message of the server does to an open text; unknown messages are ignored. */
import { fullness } from './fullness.js'

/**
 * @import { Message } from './connection.js'
 * @import { People } from './presence.js'
 * @import { Provider } from './provider.js'
 * @import { Unsent } from './store.js'
 * @typedef {object} Listeners
 * @property {() => void} changed
 * @property {() => void} redraw
 * @property {(unsent: Unsent & {words: boolean, stored: boolean, frozen: boolean}) => void} reset
 * @property {(name: string) => void} event of the server, by its name
 * @property {(people: People) => void} people
 */

/** @type {Record<string, (text: Provider, message: Message) => void>} */
export const MESSAGES = {
  welcome: (text, { conn, epoch, acked }) => {
    text.conn = conn
    text.epoch = epoch
    text.refusal = null
    acked.forEach((/** @type {number} */ n, /** @type {number} */ place) => text.acknowledge(text.sender.writers[place], n))
    text.set('catching up')
  },
  live: (text, { frozen }) => text.begin(frozen),
  // A sign of life. If nothing waits for an acknowledgement, it proves that everything works.
  ping: (text) => { if (text.state === 'live' && text.outbox.empty) text.connection.prove() },
  people: (text, { p }) => {
    text.presence.name(p)
    text.listeners.people(p)
  },
  // Too early to judge the outbox: its rows may be on their way, and the catch-up will show them.
  frozen: (text, { by }) => {
    text.frozen = true
    text.frozenBy = by ?? null
    text.reconnect()
  },
  thawed: (text) => {
    text.frozen = false
    text.sender.sendAll()
  },
  gap: (text, { w }) => text.skip(text.sender.writers[w]),
  refused: (text, { why }) => { text.refusal = why },
  reset: (text, { why }) => { text.refusal = why },
  size: (text, message) => { text.fullness = fullness(message) },
  event: (text, { name }) => text.listeners.event(name)
}
