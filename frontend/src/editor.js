/** One ProseMirror view on one live document, with everything that acts on it. */
import { gapCursor } from 'prosemirror-gapcursor'
import { EditorState, NodeSelection, Plugin } from 'prosemirror-state'
import { tableEditing } from 'prosemirror-tables'
import { EditorView } from 'prosemirror-view'
import { initProseMirrorDoc, yCursorPlugin, ySyncPlugin, yUndoPlugin, yUndoPluginKey } from 'y-prosemirror'
import { composition } from './composition.js'
import { keys, shortcuts } from './keys.js'
import { detectAtCursor, languages } from './lang.js'
import { editFootnote } from './notes.js'
import { pasting } from './paste.js'
import { guardSelection, isForeign, reselect } from './places.js'
import { cursorBuilder, selectionBuilder } from './presence.js'
import { ROOT, schema } from './schema.js'
import { threads } from './threads.js'

/**
 * @import { Awareness } from 'y-protocols/awareness'
 * @import { Acts } from './keys.js'
 * @import { Provider } from './provider.js'
 * @import { Translate } from './translations.js'
 */

const ALONE = ['paste', 'cut', 'drop'] // each is an undo step of its own, not joined with the typing before it

/**
 * Repairs tables only after changes made here: two editors that repaired what both received would
 * each add the missing cell, and then go on repairing each other's work.
 */
function tables () {
  const plugin = tableEditing()
  const repair = plugin.spec.appendTransaction
  plugin.spec.appendTransaction = (transactions, before, after) =>
    transactions.some(isForeign) ? null : repair?.call(plugin, transactions, before, after)
  return plugin
}

/** @param {Translate} translate */
const notes = (translate) => new Plugin({
  props: {
    handleClickOn (view, _position, node, at, _event, direct) {
      if (!direct || !view.editable || node.type !== schema.nodes.footnote) return false
      view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, at)))
      editFootnote(view, translate)
      return true
    }
  }
})

/**
 * @param {HTMLElement} place whose content the view takes the place of
 * @param {{provider: Provider, translate: Translate, label: string, acts: Acts, editable: () => boolean,
 *   notify: (key: string) => void, chosen: (id: string) => void, updated: (view: EditorView, docChanged: boolean) => void}} options
 */
export function mountEditor (place, { provider, translate, label, acts, editable, notify, chosen, updated }) {
  const type = provider.doc.getXmlFragment(ROOT)
  const { doc, mapping } = initProseMirrorDoc(type, schema)
  const plugins = [
    ySyncPlugin(type, { mapping }),
    yCursorPlugin(/** @type {Awareness} */ (/** @type {unknown} */ (provider.presence)), { cursorBuilder, selectionBuilder, awarenessStateFilter: () => true }),
    yUndoPlugin(),
    composition(provider.incoming, detectAtCursor),
    languages(),
    pasting(notify),
    notes(translate),
    threads(chosen),
    shortcuts(),
    ...keys(acts),
    gapCursor(),
    tables()
  ]
  const state = EditorState.create({ doc, plugins })
  guardSelection(state)
  place.replaceChildren()
  const view = new EditorView(place, {
    state,
    editable,
    attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label, class: 'doc-text' },
    scrollMargin: 128, // sticky bars above and below
    scrollThreshold: 96,
    dispatchTransaction (transaction) {
      const before = view.state.doc
      if (ALONE.includes(transaction.getMeta('uiEvent'))) yUndoPluginKey.getState(view.state)?.undoManager.stopCapturing()
      reselect(view.state, transaction)
      view.updateState(view.state.apply(transaction))
      updated(view, before !== view.state.doc)
    }
  })
  return view
}
