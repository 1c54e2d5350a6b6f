/**
 * Keeps the words of others from disturbing one's own hand.
 *
 * While an input method composes they wait: a redraw of the paragraph aborts the composition and
 * leaves a stray letter. And before they are applied the view reads where the caret is: the browser
 * reports a caret moved by a key or a click a little later, and a redraw in between puts it back, so
 * that the next letters would go into the middle of a word.
 *
 * @import { EditorView } from 'prosemirror-view'
 * @import { Incoming } from './incoming.js'
 */
import { Plugin } from 'prosemirror-state'

const SETTLE = 60 // ms after the end of a composition until the view is at rest

/**
 * ProseMirror's own way of reading the browser's changes at once; its types do not have it.
 * @typedef {{domObserver: {flush: () => void}}} Observed
 */

/**
 * @param {Pick<Incoming, 'hold'|'release'|'held'|'prepare'>} incoming
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
    view (view) {
      incoming.prepare = () => /** @type {Observed} */ (/** @type {unknown} */ (view)).domObserver.flush()
      return {
        destroy () {
          clearTimeout(timer)
          incoming.prepare = null
        }
      }
    }
  })
}
