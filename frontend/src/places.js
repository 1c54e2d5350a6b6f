/** Places in the text that stay where they are while others write: positions relative to letters. */
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from 'y-prosemirror'

/** Remembers a range; the function given back tells where it is now, or null when it is gone. */
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

/** True for changes that came from others or from undo, not from this editor's hands. */
export const isForeign = (transaction) => Boolean(transaction.getMeta(ySyncPluginKey)?.isChangeOrigin)
