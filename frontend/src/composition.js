/**
 * Keeps the words of others waiting while an input method composes.
 *
 * A redraw of the paragraph in mid-composition aborts it and leaves a stray letter behind.
 *
 * @import { EditorView } from 'prosemirror-view'
 */
import { Plugin } from 'prosemirror-state'

const SETTLE = 60 // ms after the end of a composition until the view is at rest

/**
 * @param {{hold: () => void, release: () => void, held: unknown}} provider
 * @param {(view: EditorView) => void} onEnd
 */
export function composition (provider, onEnd) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer
  /** @param {EditorView} view */
  const settle = (view) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (view.isDestroyed) return
      if (view.composing) return settle(view)
      provider.release()
      onEnd(view)
    }, SETTLE)
  }
  return new Plugin({
    props: {
      handleDOMEvents: {
        compositionstart () {
          clearTimeout(timer)
          provider.hold()
        },
        compositionend: settle,
        blur: (view) => { if (provider.held) settle(view) }
      }
    },
    view: () => ({ destroy: () => clearTimeout(timer) })
  })
}
