/** What paste and drop accept: text and its structure, no pictures, no threads of other texts. */
import { Fragment, Slice } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import { MAX_DEPTH } from './schema.js'
import { cleanPasted, cleanText } from './office-html.js'

/** @import { Mark, Node } from 'prosemirror-model' */

const MOST = 300000 // positions in one paste; more would not fit into one update

/**
 * Lists the ids of all comment marks of a document.
 * @param {Node} doc
 * @returns {Set<string>}
 */
export function commentIds (doc) {
  const ids = new Set()
  doc.descendants((node) => {
    for (const mark of node.marks) if (mark.type.name === 'comment') ids.add(String(mark.attrs.id))
  })
  return ids
}

/**
 * @param {Fragment} fragment
 * @param {(node: Node) => Node|null} change
 * @returns {Fragment}
 */
function mapNodes (fragment, change) {
  /** @type {Node[]} */
  const nodes = []
  fragment.forEach((node) => {
    const one = change(node)
    if (one) nodes.push(one.isText ? one : one.copy(mapNodes(one.content, change)))
  })
  return Fragment.from(nodes)
}

/**
 * Drops the marks of threads, which stay where the words were copied from, and suggestions, which are never copied.
 * @param {Slice} slice
 * @param {Set<string>} there threads of the text that it is pasted into
 */
function withoutMarks (slice, there) {
  /** @param {Mark} mark */
  const keep = (mark) => mark.type.name === 'comment' ? !there.has(String(mark.attrs.id)) : !['insertion', 'deletion'].includes(mark.type.name)
  /** @param {Node} node */
  const change = (node) => {
    const whole = node.type.spec.attrs && 'brk' in node.type.spec.attrs && node.attrs.brk
      ? node.type.create({ ...node.attrs, brk: null }, node.content, node.marks)
      : node
    return whole.marks.every(keep) ? whole : whole.mark(whole.marks.filter(keep))
  }
  return new Slice(mapNodes(slice.content, change), slice.openStart, slice.openEnd)
}

/**
 * @param {Fragment} fragment
 * @returns {number}
 */
const depthOf = (fragment) => {
  let most = 0
  fragment.forEach((node) => { if (!node.isText) most = Math.max(most, 1 + depthOf(node.content)) })
  return most
}

/** @param {DataTransfer|null} data */
const hasImages = (data) => [...(data?.files ?? [])].some((file) => file.type.startsWith('image/'))
/** @param {DataTransfer|null} data */
const hasText = (data) => ['text/html', 'text/plain'].some((type) => data?.getData(type))

/** @param {(key: string) => void} notify shows a note: paste.pictures or paste.too_long */
export const pasting = (notify) => new Plugin({
  props: {
    transformPastedHTML (html) {
      const cleaned = cleanPasted(cleanText(html), (text) => new DOMParser().parseFromString(text, 'text/html'))
      if (cleaned.pictures) notify('paste.pictures')
      return cleaned.html
    },
    transformPastedText: cleanText,
    transformPasted: (slice, view) => withoutMarks(slice, commentIds(view.state.doc)),
    handlePaste (view, event, slice) {
      if (slice.size > MOST || view.state.selection.$from.depth + depthOf(slice.content) > MAX_DEPTH) {
        notify('paste.too_long')
        return true
      }
      return pictureAlone(event.clipboardData, notify)
    },
    handleDrop (_view, event) {
      if (!pictureAlone(event.dataTransfer, notify)) return false
      event.preventDefault()
      return true
    }
  }
})

/**
 * @param {DataTransfer|null} data
 * @param {(key: string) => void} notify
 */
function pictureAlone (data, notify) {
  if (!hasImages(data) || hasText(data)) return false
  notify('paste.pictures')
  return true
}
