/**
 * Yjs itself, for comparison: `node yjs.mjs read` reads logs as an editor would, and
 * `node yjs.mjs write SEED COUNT` writes logs as editors would. JSON in, JSON out.
 */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const require = createRequire(new URL('../../frontend/package.json', import.meta.url))
const Y = require('yjs')
const ROOT = 'prosemirror'

const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'))
const text = (data) => Buffer.from(data).toString('base64')

const words = (node) => node.toDelta().map((part) => ({ type: 'text', text: part.insert, given: part.attributes ?? {} }))
const nodes = (parent) => parent.toArray().flatMap((child) =>
  child instanceof Y.XmlText
    ? words(child)
    : [{ type: child.nodeName, attrs: child.getAttributes(), content: nodes(child) }])

const read = (updates) => {
  const doc = new Y.Doc()
  const root = doc.getXmlFragment(ROOT)
  // In one local transaction: after a remote one Yjs tidies marks up, which is an edit of
  // that editor's own, and comes into the log as such.
  doc.transact(() => { for (const update of updates) Y.applyUpdate(doc, bytes(update)) })
  return {
    content: nodes(root),
    pending: Boolean(doc.store.pendingStructs || doc.store.pendingDs),
    clocks: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc)))
  }
}

// Honest sessions

const generator = (seed) => () => { // mulberry32
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const CHARACTERS = ['a', 'b', ' ', '\u00e9', '\ud55c', '\u65e5', '\ud83c\udf8c', 'xyz', 'Hello ']
const MARKS = [['em', {}], ['strong', {}], ['comment--AbCd12+/', { id: 4 }], ['comment--BbCd12+/', { id: 5 }], ['link', { href: 'https://example.org/' }]]

class Editor {
  constructor (client, chance) {
    this.chance = chance
    this.doc = new Y.Doc()
    this.doc.clientID = client
    this.root = this.doc.getXmlFragment(ROOT)
    this.have = 0
    this.outbox = []
    this.offline = 0
    this.doc.on('update', (update, origin, doc, transaction) => { if (transaction.local) this.outbox.push(update) })
  }

  below (number) { return Math.floor(this.chance() * number) }
  some (list) { return list[this.below(list.length)] }
  texts () { return this.root.toArray().flatMap((block) => block.toArray?.() ?? []).filter((child) => child instanceof Y.XmlText) }

  receive (log, most) {
    for (const row of log.slice(this.have, most)) {
      this.have++
      if (row[0] !== this.doc.clientID) Y.applyUpdate(this.doc, row[1])
    }
  }

  act () { this.doc.transact(() => { for (let n = 1 + this.below(3); n; n--) this.step() }) }

  /** A place in a text that parts no pair, as y-prosemirror sees to it. */
  place (held) {
    const at = this.below(held.length + 1)
    return at > 0 && /[\udc00-\udfff]/.test(held[at] ?? '') ? at - 1 : at
  }

  step () {
    const text = this.some(this.texts())
    const kind = this.below(12)
    if (!text || kind === 0) return this.block()
    const held = text.toDelta().map((part) => part.insert).join('')
    const at = this.place(held)
    if (kind < 6) return text.insert(at, this.some(CHARACTERS), this.chance() < 0.2 ? Object.fromEntries([this.some(MARKS)]) : undefined)
    const end = this.place(held)
    const [from, to] = at < end ? [at, end] : [end, at]
    if (kind < 8) return to > from && text.delete(from, to - from)
    if (kind < 10) return to > from && text.format(from, to - from, Object.fromEntries([this.chance() < 0.7 ? this.some(MARKS) : [this.some(MARKS)[0], null]]))
    const block = text.parent
    if (kind === 10) return this.chance() < 0.7 ? block.setAttribute('lang', this.some(['ja', 'ko'])) : block.removeAttribute('lang')
    return this.root.length > 1 && this.root.delete(this.below(this.root.length), 1)
  }

  block () {
    const block = new Y.XmlElement(this.some(['paragraph', 'heading']))
    const text = new Y.XmlText()
    text.insert(0, this.some(CHARACTERS))
    if (block.nodeName === 'heading') block.setAttribute('level', 1 + this.below(3))
    block.insert(0, this.chance() < 0.3 ? [text, new Y.XmlElement('hard_break')] : [text])
    this.root.insert(this.below(this.root.length + 1), [block])
  }

  send (log) {
    if (!this.outbox.length) return
    const merged = this.outbox.length > 1 && this.chance() < 0.3
    for (const update of merged ? [Y.mergeUpdates(this.outbox)] : this.outbox) log.push([this.doc.clientID, update])
    this.outbox = []
  }
}

const write = (seed) => {
  const chance = generator(seed)
  const editors = [0, 1, 2, 3].map(() => new Editor(1 + Math.floor(chance() * 2 ** 32 - 2), chance))
  const log = []
  editors[0].doc.transact(() => editors[0].block())
  editors[0].send(log)
  for (let round = 0; round < 120; round++) {
    const editor = editors[Math.floor(chance() * editors.length)]
    if (editor.offline) editor.offline--
    else {
      editor.receive(log, chance() < 0.5 ? log.length : editor.have + Math.floor(chance() * 5))
      editor.send(log)
      if (chance() < 0.1) editor.offline = Math.floor(chance() * 10)
    }
    if (editor.root.length) editor.act()
  }
  for (const editor of editors) { editor.receive(log); editor.send(log) }
  return log.map(([client, update]) => [client, text(update)])
}

const [mode, seed, count] = process.argv.slice(2)
const answer = mode === 'read'
  ? JSON.parse(readFileSync(0)).map(read)
  : Array.from({ length: Number(count) }, (_, number) => write(Number(seed) + number))
process.stdout.write(JSON.stringify(answer))
