/** Places in the text that stay where they are while others write: positions relative to letters. */
import { NodeSelection } from 'prosemirror-state'
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from 'y-prosemirror'

/**
 * @import { EditorState, Transaction } from 'prosemirror-state'
 * @typedef {(now: EditorState) => {from: number, to: number}|null} Place
 */

/**
 * Remembers a range; the returned function gives its present positions, or null if it is gone.
 * @param {EditorState} state
 * @param {number} from
 * @returns {Place}
 */
export function keepPlace (state, from, to = from) {
  const { type, binding } = ySyncPluginKey.getState(state)
  const [start, end] = [from, to].map((at) => absolutePositionToRelativePosition(at, type, binding.mapping))
  return (now) => {
    const sync = ySyncPluginKey.getState(now)
    const [a, b] = [start, end].map((at) => relativePositionToAbsolutePosition(sync.doc, sync.type, at, sync.binding.mapping))
    const size = now.doc.content.size
    return a === null || b === null || a > b || b > size ? null : { from: a, to: b }
  }
}

/**
 * Keeps a selected node from breaking the view when somebody else deletes it: y-prosemirror restores
 * the selection of a node that no longer exists. So the selection is stored as a range around the node.
 * @param {EditorState} state
 */
export function guardSelection (state) {
  const { binding } = ySyncPluginKey.getState(state)
  let remembered = binding.beforeTransactionSelection
  Object.defineProperty(binding, 'beforeTransactionSelection', {
    get: () => remembered,
    set: (selection) => { remembered = selection?.type === 'node' ? { ...selection, type: 'text' } : selection }
  })
}

/**
 * Selects the node again after a change of others, if it still exists.
 * @param {EditorState} before
 * @param {Transaction} transaction
 */
export function reselect (before, transaction) {
  const { selection } = transaction
  if (!(before.selection instanceof NodeSelection) || !isForeign(transaction) || selection.to - selection.from !== 1) return
  const node = transaction.doc.nodeAt(selection.from)
  if (node?.type === before.selection.node.type) transaction.setSelection(NodeSelection.create(transaction.doc, selection.from))
}

/**
 * True for changes that came from others or from undo, not from typing here.
 * @param {Transaction} transaction
 */
export const isForeign = (transaction) => Boolean(transaction.getMeta(ySyncPluginKey)?.isChangeOrigin)
