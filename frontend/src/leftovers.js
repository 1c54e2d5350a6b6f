/**
 * Words that did not reach the log: the paragraphs of one document that another one lacks.
 *
 * Compares paragraphs, not updates: text diffs cut the strings inside updates into pieces.
 */
import * as Y from 'yjs'
import { ROOT } from './schema.js'

/**
 * @import { Provider } from './provider.js'
 * @import { Unsent } from './store.js'
 */

/**
 * @param {Y.XmlElement|Y.XmlText|Y.XmlHook|Y.XmlFragment} node
 * @returns {string|null} null for an element whose children are walked
 */
function wordsOf (node) {
  if (node instanceof Y.XmlText) {
    /** @type {{insert: unknown}[]} */
    const delta = node.toDelta()
    return delta.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('')
  }
  if (!(node instanceof Y.XmlElement)) return null
  if (node.nodeName === 'footnote') return ` [${node.getAttribute('text') ?? ''}]`
  if (node.nodeName === 'hard_break') return '\n'
  return node.nodeName === 'cross_reference' ? node.getAttribute('label') ?? '' : null
}

/**
 * Lists the text of every paragraph, heading and cell, in the document's order.
 * @param {Y.Doc} doc
 * @returns {string[]}
 */
export function paragraphs (doc) {
  /** @type {string[]} */
  const found = []
  /** @param {Y.XmlFragment} node */
  const walk = (node) => {
    let words = ''
    for (const child of node.toArray()) {
      const own = wordsOf(child)
      if (own === null) walk(/** @type {Y.XmlFragment} */ (child))
      else words += own
    }
    if (words.trim()) found.push(words)
  }
  walk(doc.getXmlFragment(ROOT))
  return found
}

/**
 * Builds the document from a cached snapshot and rows.
 * @param {{snapshot: {state: Uint8Array}|null, rows: {data: Uint8Array}[]}} cache
 */
export function documentOf ({ snapshot, rows }) {
  const doc = new Y.Doc()
  Y.transact(doc, () => {
    if (snapshot) Y.applyUpdate(doc, snapshot.state)
    for (const row of rows) Y.applyUpdate(doc, row.data)
  })
  return doc
}

/**
 * Returns the paragraphs of doc that base lacks, one per line.
 * @param {Y.Doc} base
 * @param {Y.Doc} doc
 */
export function missingFrom (base, doc) {
  const there = new Set(paragraphs(base))
  return paragraphs(doc).filter((words) => !there.has(words)).join('\n')
}

/**
 * Returns whether an update adds anything; Yjs tidies up formatting with updates that only delete.
 * @param {Uint8Array} update
 */
export const addsSomething = (update) => Y.decodeUpdate(update).structs.length > 0

/**
 * Returns the paragraphs that the log lacks, as far as this device knows the log.
 * @param {Pick<Provider, 'doc'|'store'>} provider
 */
export async function unsentText ({ doc, store }) {
  try {
    await store.flush()
    return missingFrom(documentOf(await store.load()), doc)
  } catch {
    return paragraphs(doc).join('\n')
  }
}

/**
 * Moves the words of the outbox into a box to copy them from, and empties the outbox and, if the
 * log itself went back, the cache.
 * @param {Pick<Provider, 'doc'|'store'|'outbox'>} provider
 * @param {string} why
 * @param {string} reason
 * @returns {Promise<Unsent & {words: boolean, stored: boolean}>}
 */
export async function putAside ({ doc, store, outbox }, why, reason) {
  const clear = why === 'reset'
  const text = clear ? paragraphs(doc).join('\n') : await unsentText({ doc, store })
  const words = clear || outbox.hasWords
  const unsent = { why, reason, text, at: Date.now() }
  await store.flush()
  store.pending.clear = clear
  store.pending.unsent = words ? unsent : null
  outbox.clear()
  await store.flush()
  await store.flush() // a record whose key came in between
  return { ...unsent, words, stored: !store.broken }
}
