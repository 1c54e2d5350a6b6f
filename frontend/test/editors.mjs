/** Editors of one text without a page, against a log and a clock of the test's own; both are new for each test. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach } from 'node:test'
import * as Y from 'yjs'
import { FakeClock } from './clock.mjs'
import { Log } from './log.mjs'
import { Provider } from '../src/provider.js'
import { ROOT } from '../src/schema.js'

export let clock
export let log
let editors
let name = 0

beforeEach(() => {
  clock = new FakeClock()
  log = new Log(clock)
  editors = []
})
afterEach(() => { for (const editor of editors) editor.stop() })

export const settle = (ms) => clock.settle(ms)

/** The number of the device that was opened last without one of its own. */
export const latest = () => name

/** Opens an editor; with the same device number it finds the same outbox. */
export async function open (device = ++name, frozen = false) {
  const seen = { resets: [], events: [] }
  const provider = new Provider({
    url: 'ws://log', person: 1, database: `device-${device}`, names: 'none,named', frozen, clock, Socket: log.Socket,
    listeners: { changed () {}, redraw () {}, people () {}, event: (event) => seen.events.push(event), reset: (unsent) => seen.resets.push(unsent) }
  })
  editors.push(provider)
  await provider.start()
  await settle()
  return Object.assign(provider, { seen })
}

export function write (provider, words) {
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(words)])
  const text = provider.doc.getXmlFragment(ROOT)
  text.insert(text.length, [paragraph])
}
