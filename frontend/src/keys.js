/** Keys and typed shortcuts. Tab is used in table cells only; elsewhere it leaves the text. */
import { baseKeymap, chainCommands } from 'prosemirror-commands'
import { inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule } from 'prosemirror-inputrules'
import { keymap } from 'prosemirror-keymap'
import { splitListItem } from 'prosemirror-schema-list'
import { goToNextCell } from 'prosemirror-tables'
import { commands } from './commands.js'
import { schema } from './schema.js'

const { nodes } = schema
/** @param {string} name */
const run = (name) => commands[name].run

export const shortcuts = () => inputRules({
  rules: [
    textblockTypeInputRule(/^(#{1,3})\s$/, nodes.heading, (match) => ({ level: match[1].length })),
    wrappingInputRule(/^\s*[-*]\s$/, nodes.bullet_list),
    wrappingInputRule(/^1\.\s$/, nodes.ordered_list),
    wrappingInputRule(/^\s*>\s$/, nodes.blockquote)
  ]
})

/**
 * @import { Command } from 'prosemirror-state'
 * @typedef {Record<'link'|'footnote'|'openNote'|'comment'|'toolbar'|'nextThread'|'previousThread', Command>} Acts
 */

/** @param {Acts} acts what opens something beside the text */
export const keys = (acts) => [
  keymap({
    'Mod-z': run('undo'),
    'Mod-y': run('redo'),
    'Mod-Shift-z': run('redo'),
    'Mod-b': run('bold'),
    'Mod-i': run('italic'),
    'Mod-k': acts.link,
    'Mod-Alt-0': run('paragraph'),
    'Mod-Alt-1': run('heading1'),
    'Mod-Alt-2': run('heading2'),
    'Mod-Alt-3': run('heading3'),
    'Mod-Shift-7': run('numbers'),
    'Mod-Shift-8': run('bullets'),
    'Mod-Shift-9': run('quotation'),
    'Mod-]': run('indent'),
    'Mod-[': run('outdent'),
    'Mod-Alt-f': acts.footnote,
    'Mod-Alt-m': acts.comment,
    'Mod-Alt-n': acts.nextThread,
    'Mod-Alt-p': acts.previousThread,
    'Alt-F10': acts.toolbar,
    Backspace: undoInputRule,
    Enter: chainCommands(acts.openNote, splitListItem(nodes.list_item)),
    'Shift-Enter': run('break'),
    Tab: goToNextCell(1),
    'Shift-Tab': goToNextCell(-1)
  }),
  keymap(baseKeymap)
]
