/** Footnotes and links: entered in a small dialog, inserted where the cursor was. */
import { NodeSelection } from 'prosemirror-state'
import { ask } from './dialog.js'
import { keepPlace } from './places.js'
import { MAX_ADDRESS, MAX_NOTE, MAX_NOTES, safeLink, schema } from './schema.js'
import { cleanText } from './office-html.js'

/**
 * @import { Mark, Node } from 'prosemirror-model'
 * @import { Command, EditorState } from 'prosemirror-state'
 * @import { EditorView } from 'prosemirror-view'
 * @import { Translate } from './translations.js'
 * @typedef {{from: number, to: number, mark: Mark|null}} Range linked words, or words to be linked
 */

const { footnote } = schema.nodes
const { link } = schema.marks

/** @param {EditorState} state */
const noteOf = (state) => {
  const { selection } = state
  return selection instanceof NodeSelection && selection.node.type === footnote ? selection.node : null
}

/**
 * Returns whether the paragraph has as many footnotes as can be printed.
 * @param {Node} paragraph
 */
export const isFullOfNotes = (paragraph) =>
  paragraph.content.content.filter((node) => node.type === footnote).length >= MAX_NOTES

/**
 * Opens the selected footnote, or a new one at the end of the selection.
 * @param {EditorView} view
 * @param {Translate} translate
 */
export async function editFootnote (view, translate) {
  const { state } = view
  const note = noteOf(state)
  if (!note && !state.selection.$to.parent.inlineContent) return
  const at = note ? state.selection.from : state.selection.to
  const place = keepPlace(state, at, note ? at + 1 : at)
  const answer = await ask({
    title: translate('footnote.title'),
    label: translate('footnote.label'),
    hint: translate('footnote.hint'),
    value: note?.attrs.text ?? '',
    long: true,
    limit: MAX_NOTE,
    remove: note && translate('footnote.remove'),
    check: (text) => {
      if (!note && isFullOfNotes(view.state.selection.$to.parent)) return translate('footnote.full', { most: MAX_NOTES })
      return text.trim() ? null : translate('footnote.empty')
    },
    translate
  })
  if (view.isDestroyed) return
  view.focus()
  const range = answer && view.editable ? place(view.state) : null
  if (!range) return
  const there = view.state.doc.nodeAt(range.from)
  if (note && there?.type !== footnote) return // somebody else has deleted it meanwhile
  const text = cleanText((answer?.text ?? '').replace(/\s*\n\s*/g, ' ').trim())
  if (answer?.removed) view.dispatch(view.state.tr.delete(range.from, range.from + 1))
  else if (note) view.dispatch(view.state.tr.setNodeAttribute(range.from, 'text', text))
  else view.dispatch(view.state.tr.insert(range.from, footnote.create({ text })).scrollIntoView())
}

/**
 * Opens the selected footnote on Enter; false if another key handler should handle it.
 * @param {Translate} translate
 * @returns {Command}
 */
export const openSelectedNote = (translate) => (state, _dispatch, view) => {
  if (!noteOf(state) || !view?.editable) return false
  editFootnote(view, translate)
  return true
}

/**
 * Makes an address out of what was typed, or gives null: "example.org" is meant as https.
 * @param {string} typed
 * @returns {string|null}
 */
export function readAddress (typed) {
  const address = typed.trim()
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(address)) return `mailto:${address}`
  if (/^[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?$/.test(address)) return readAddress(`https://${address}`)
  if (!/^(https?:\/\/[^\s/]+\.?\S*|mailto:\S+@\S+|[/#]\S*)$/i.test(address)) return null
  return safeLink(address)
}

/**
 * Finds the linked words around the cursor, or the selection.
 * @param {EditorState} state
 * @returns {Range|null}
 */
function linkedRange (state) {
  const { from, to, empty, $from } = state.selection
  if (!empty) return { from, to, mark: firstLink(state.doc, from, to) }
  const mark = link.isInSet($from.marks()) ?? link.isInSet($from.nodeAfter?.marks ?? [])
  if (!mark) return null
  const start = $from.start()
  /** @type {Range|null} */
  let range = null
  $from.parent.forEach((node, offset) => {
    if (!mark.isInSet(node.marks)) return
    const begin = start + offset
    if (range && range.to === begin) range.to = begin + node.nodeSize
    else if (!range || range.to < $from.pos) range = { from: begin, to: begin + node.nodeSize, mark }
  })
  return range
}

/**
 * @param {Node} doc
 * @param {number} from
 * @param {number} to
 * @returns {Mark|null}
 */
function firstLink (doc, from, to) {
  /** @type {Mark|null} */
  let found = null
  doc.nodesBetween(from, to, (node) => { found ??= link.isInSet(node.marks) ?? null })
  return found
}

/**
 * Links the selected words; without a selection it inserts the address.
 * @param {EditorView} view
 * @param {Translate} translate
 */
export async function editLink (view, translate) {
  const { state } = view
  const range = linkedRange(state) ?? { from: state.selection.from, to: state.selection.to, mark: null }
  const place = keepPlace(state, range.from, range.to)
  const answer = await ask({
    title: translate('link.title'),
    label: translate('link.label'),
    hint: translate('link.hint'),
    value: range.mark?.attrs.href ?? '',
    limit: MAX_ADDRESS - 10,
    remove: range.mark && translate('link.remove'),
    check: (text) => (readAddress(text) ? null : translate('link.wrong')),
    translate
  })
  if (view.isDestroyed) return
  view.focus()
  const now = answer && view.editable ? place(view.state) : null
  if (!now) return
  const { tr } = view.state
  if (now.to > now.from) tr.removeMark(now.from, now.to, link)
  const typed = answer?.text ?? ''
  if (!answer?.removed) {
    const mark = link.create({ href: readAddress(typed) })
    if (now.to > now.from) tr.addMark(now.from, now.to, mark)
    else tr.insert(now.from, schema.text(typed.trim(), [mark]))
  }
  view.dispatch(tr)
}
