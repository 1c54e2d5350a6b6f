/**
 * The language of a block, detected from its script, so that fonts, hyphenation and speech are right.
 *
 * Hangul means Korean, kana Japanese; Han alone follows its neighbors. A language that somebody set
 * by hand stays until the script clearly contradicts it.
 */
import { Plugin } from 'prosemirror-state'
import { isForeign } from './places.js'

/**
 * @import { Node } from 'prosemirror-model'
 * @import { Command, EditorState } from 'prosemirror-state'
 * @import { EditorView } from 'prosemirror-view'
 */

/**
 * @param {string} text
 * @param {RegExp} pattern
 */
const count = (text, pattern) => (text.match(pattern) || []).length
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]/g
const KANA = /[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d]/g
const HAN = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[\ud840-\ud88f][\udc00-\udfff]/g
const LATIN = /[A-Za-z\u00c0-\u024f]/g
const WEIGHT = 3 // a syllable or character counts as this many Latin letters

/**
 * @param {string} text of one block
 * @param {string|null} current its language now
 * @param {(string|null)[]} neighbors languages of the blocks before and after, nearest first
 * @returns {string|null} the language it should have
 */
export function blockLanguage (text, current, neighbors = []) {
  const hangul = count(text, HANGUL)
  const kana = count(text, KANA)
  const han = count(text, HAN)
  const eastern = (hangul + kana + han) * WEIGHT
  const latin = count(text, LATIN)
  if (eastern === 0 && latin === 0) return current
  if (eastern < latin) return current === 'ja' || current === 'ko' ? (eastern * WEIGHT < latin ? null : current) : current
  if (hangul > 0 && hangul >= kana) return 'ko'
  if (kana > 0) return 'ja'
  return current && current !== 'en' ? current : neighbors.find((one) => one && one !== 'en') ?? current
}

/**
 * Sets the language of the text blocks between two positions; null if nothing has to change.
 * @param {EditorState} state
 * @param {number} from
 * @param {number} to
 */
function detect (state, from, to) {
  /** @type {{node: Node, position: number, lang: string|null}[]} */
  const blocks = []
  state.doc.descendants((node, position) => {
    if (node.isTextblock) blocks.push({ node, position, lang: node.attrs.lang })
    return !node.isTextblock
  })
  const { tr } = state
  blocks.forEach((block, index) => {
    const { node, position, lang } = block
    if (position > to || position + node.nodeSize < from) return
    block.lang = blockLanguage(node.textContent, lang, [blocks[index - 1]?.lang, blocks[index + 1]?.lang])
    if (block.lang !== lang) tr.setNodeAttribute(position, 'lang', block.lang)
  })
  return tr.docChanged ? tr : null
}

/**
 * @param {Node} before
 * @param {Node} after
 */
function changed (before, after) {
  const start = before.content.findDiffStart(after.content)
  if (start === null) return null
  const end = before.content.findDiffEnd(after.content)
  return { from: start, to: Math.max(start, end?.b ?? start) }
}

/** Detects after each change made here; composed text once the composition is over. */
export const languages = () => new Plugin({
  appendTransaction (transactions, before, after) {
    const mine = transactions.some((tr) => tr.docChanged && !isForeign(tr) && !tr.getMeta('byHand'))
    const composing = transactions.some((tr) => tr.getMeta('composition') !== undefined)
    const range = mine && !composing ? changed(before.doc, after.doc) : null
    return range && detect(after, range.from, range.to)
  }
})

/**
 * Detects the language of the cursor's block again; called when a composition has ended.
 * @param {EditorView} view
 */
export function detectAtCursor (view) {
  const { from, to } = view.state.selection
  const tr = detect(view.state, from, to)
  if (tr && view.editable) view.dispatch(tr)
}

/**
 * Sets a language by hand: of the selected words within a block, otherwise of whole blocks.
 * @param {string|null} lang
 * @returns {Command}
 */
export const setLanguage = (lang) => (state, dispatch) => {
  const { from, to, $from, $to, empty } = state.selection
  const mark = state.schema.marks.lang
  const inside = !empty && $from.sameParent($to) && to - from < $from.parent.content.size
  const { tr } = state
  if (inside) {
    tr.removeMark(from, to, mark)
    if (lang) tr.addMark(from, to, mark.create({ lang }))
  } else {
    state.doc.nodesBetween(from, to, (node, position) => {
      if (node.isTextblock && node.attrs.lang !== lang) tr.setNodeAttribute(position, 'lang', lang)
    })
  }
  if (dispatch && tr.docChanged) dispatch(tr.setMeta('byHand', lang))
  return true
}

/**
 * Returns the language that the menu shows: of the words at the cursor, else of their block.
 * @param {EditorState} state
 * @returns {string}
 */
export function languageAt (state) {
  const { $from } = state.selection
  const mark = state.schema.marks.lang.isInSet($from.marks())
  return mark?.attrs.lang ?? $from.parent.attrs.lang ?? ''
}
