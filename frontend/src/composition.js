/**
 * Delays the words of others while an input method composes.
 *
 * A redraw of the paragraph during a composition aborts it and leaves a stray letter.
 *
 * @import { EditorView } from 'prosemirror-view'
 * @import { Incoming } from './incoming.js'
 */
import { Plugin } from 'prosemirror-state'

const SETTLE = 60 // ms after the end of a composition until the view is at rest

/**
 * @param {Pick<Incoming, 'hold'|'release'|'held'>} incoming
 * @param {(view: EditorView) => void} onEnd
 */
export function composition (incoming, onEnd) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer
  /** @param {EditorView} view */
  const settle = (view) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (view.isDestroyed) return
      if (view.composing) return settle(view)
      incoming.release()
      onEnd(view)
    }, SETTLE)
  }
  return new Plugin({
    props: {
      handleDOMEvents: {
        compositionstart () {
          clearTimeout(timer)
          incoming.hold()
        },
        compositionend: settle,
        blur: (view) => { if (incoming.held) settle(view) }
      }
    },
    view: () => ({ destroy: () => clearTimeout(timer) })
  })
}
