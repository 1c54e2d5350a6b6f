/**
 * The words of a passage with their surroundings, and how to find the passage again from them.
 *
 * Lengths count code points. A line feed separates blocks; notes and pictures are left out.
 *
 * @import { Node } from 'prosemirror-model'
 * @typedef {{flat: string, positions: number[]}} Flat
 */
const AROUND = 32
const MANY = 200 // places that are compared at most, as on the server; somebody may comment on the letter "e"

/** @param {Node} node */
const leaf = (node) => (node.type.name === 'hard_break' ? '\n' : '')
/**
 * @param {Node} doc
 * @param {number} from
 * @param {number} to
 */
const text = (doc, from, to) => doc.textBetween(from, to, '\n', leaf)

/**
 * Returns quote, prefix and suffix of a range.
 * @param {Node} doc
 * @param {number} from
 * @param {number} to
 */
export function quotation (doc, from, to) {
  return {
    quote: text(doc, from, to),
    prefix: [...text(doc, 0, from)].slice(-AROUND).join(''),
    suffix: [...text(doc, to, doc.content.size)].slice(0, AROUND).join('')
  }
}

// document → its flat text, since many quotations are searched for in one document
/** @type {WeakMap<Node, Flat>} */
const laidOut = new WeakMap()

/**
 * Returns the flat text, with the document position of each of its UTF-16 units.
 * @param {Node} doc
 * @returns {Flat}
 */
function layOut (doc) {
  const known = laidOut.get(doc)
  if (known) return known
  let flat = ''
  /** @type {number[]} */
  const positions = []
  doc.descendants((node, position) => {
    if (node.isTextblock && flat) {
      flat += '\n'
      positions.push(position)
    }
    const words = node.isText ? node.text ?? '' : node.isLeaf && node.isInline ? leaf(node) : ''
    for (let unit = 0; unit < words.length; unit++) positions.push(position + unit)
    flat += words
  })
  const laid = { flat, positions }
  laidOut.set(doc, laid)
  return laid
}

/**
 * @param {string} a
 * @param {string} b
 */
const sameEnd = (a, b) => {
  let count = 0
  while (count < a.length && count < b.length && a[a.length - 1 - count] === b[b.length - 1 - count]) count++
  return count
}
/**
 * @param {string} a
 * @param {string} b
 */
const sameStart = (a, b) => {
  let count = 0
  while (count < a.length && count < b.length && a[count] === b[count]) count++
  return count
}

/**
 * Finds the passage whose surroundings agree best, or null if the words are gone.
 * @param {Node} doc
 * @param {{quote: string, prefix?: string, suffix?: string}} passage
 * @returns {{from: number, to: number}|null}
 */
export function findQuotation (doc, { quote, prefix = '', suffix = '' }) {
  if (!quote) return null
  const { flat, positions } = layOut(doc)
  /** @param {number} at */
  const passage = (at) => ({ from: positions[at], to: positions[at + quote.length - 1] + 1 })
  const unchanged = flat.indexOf(prefix + quote + suffix)
  if (unchanged !== -1) return passage(unchanged + prefix.length)
  /** @type {{at: number, score: number}|null} */
  let best = null
  let places = 0
  for (let at = flat.indexOf(quote); at !== -1 && places < MANY; at = flat.indexOf(quote, at + 1), places++) {
    const after = flat.slice(at + quote.length)
    const score = sameEnd(flat.slice(0, at), prefix) + sameStart(after, suffix)
    if (!best || score > best.score) best = { at, score }
  }
  return best && passage(best.at)
}
