/**
 * Threads drawn on the text: the passage of each open card of the rail, the active one stronger.
 *
 * Decorations are computed from the state each time, because changes of others replace the document.
 */
import { Plugin, PluginKey } from 'prosemirror-state'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { findQuotation } from './quotations.js'

/**
 * @import { Node } from 'prosemirror-model'
 * @import { EditorState } from 'prosemirror-state'
 * @import { EditorView } from 'prosemirror-view'
 * @import { Place } from './places.js'
 * @typedef {{id: string, open: boolean, anchor: string, quote: string, prefix: string, suffix: string}} Card
 * @typedef {{from: number, to: number}} Passage
 * @typedef {{cards: Card[], elsewhere: Set<string>, active: string|null, pending: Place|null}} Drawn
 *   elsewhere: the first characters of the ids of open threads whose cards are not on the page; pending: the passage of a new comment
 */

const ID_START = 6 // characters by which the page names threads that it does not show

/** @type {PluginKey<Drawn>} */
const key = new PluginKey('threads')

/** @type {Drawn} */
const NOTHING = { cards: [], elsewhere: new Set(), active: null, pending: null }
/** @param {EditorState} state */
const drawnIn = (state) => key.getState(state) ?? NOTHING

/**
 * Lists passages by thread: by marks first, by quotations for threads on a version.
 * @param {Node} doc
 * @param {Card[]} cards
 * @returns {Map<string, Passage[]>}
 */
export function passages (doc, cards) {
  /** @type {Map<string, Passage[]>} */
  const found = new Map()
  /**
   * @param {string} id
   * @param {number} from
   * @param {number} to
   */
  const add = (id, from, to) => found.set(id, [...(found.get(id) ?? []), { from, to }])
  doc.descendants((node, position) => {
    for (const mark of node.marks) {
      if (mark.type.name === 'comment') add(String(mark.attrs.id), position, position + node.nodeSize)
    }
  })
  for (const card of cards) {
    const range = card.anchor === 'quote' && !found.has(card.id) ? findQuotation(doc, card) : null
    if (range) add(card.id, range.from, range.to)
  }
  return found
}

/**
 * @param {EditorState} state
 * @param {Drawn} drawn
 */
function draw (state, { cards, elsewhere, active, pending }) {
  const found = passages(state.doc, cards)
  /** @type {Decoration[]} */
  const drawn = []
  const isOpen = new Map(cards.map(({ id, open }) => [id, open]))
  for (const [id, places] of found) {
    // a resolved thread's mark stays in the text and is not drawn
    if (!(isOpen.get(id) ?? elsewhere.has(id.slice(0, ID_START)))) continue
    for (const { from, to } of places) {
      drawn.push(Decoration.inline(from, to, { class: id === active ? 'cm on' : 'cm', 'data-passage': id }))
    }
  }
  const range = pending?.(state)
  if (range) drawn.push(Decoration.inline(range.from, range.to, { class: 'cm on' }))
  return DecorationSet.create(state.doc, drawn)
}

/** @param {(id: string) => void} onChosen a passage was clicked */
export const threads = (onChosen) => new Plugin({
  key,
  state: {
    init: () => NOTHING,
    apply: (tr, value) => ({ ...value, ...tr.getMeta(key) })
  },
  props: {
    decorations: (state) => draw(state, drawnIn(state)),
    handleClick (_view, _position, event) {
      const passage = event.target instanceof Element ? event.target.closest('[data-passage]') : null
      if (passage instanceof HTMLElement) onChosen(passage.dataset.passage ?? '')
      return false
    }
  }
})

/**
 * Passes cards, the active thread or the passage being commented to the plugin.
 * @param {EditorView} view
 * @param {Partial<Drawn>} change
 */
export function setThreads (view, change) {
  view.dispatch(view.state.tr.setMeta(key, change).setMeta('addToHistory', false))
}

/**
 * Returns the id of the next (1) or previous (-1) open passage from the cursor, wrapping around.
 * @param {EditorState} state
 * @param {1|-1} direction
 */
export function neighborThread (state, direction) {
  const { cards } = drawnIn(state)
  const found = passages(state.doc, cards)
  const stops = cards.filter((card) => card.open)
    .flatMap(({ id }) => (found.get(id) ?? []).slice(0, 1).map(({ from }) => ({ id, at: from })))
    .sort((a, b) => a.at - b.at)
  const cursor = state.selection.from
  const next = direction > 0 ? stops.find((stop) => stop.at > cursor) : stops.filter((stop) => stop.at < cursor).pop()
  return next ?? (direction > 0 ? stops[0] : stops[stops.length - 1]) ?? null
}
