/** What toolbar and keys do to the text: each command by its name. */
import { lift, toggleMark, wrapIn } from 'prosemirror-commands'
import { liftListItem, sinkListItem, wrapInList } from 'prosemirror-schema-list'
import { TextSelection } from 'prosemirror-state'
import {
  addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, isInTable, toggleHeaderRow
} from 'prosemirror-tables'
import { redoCommand, undoCommand } from 'y-prosemirror'
import { setLanguage } from './lang.js'
import { MAX_DEPTH, schema } from './schema.js'

/**
 * @import { MarkType, Node, NodeType } from 'prosemirror-model'
 * @import { Command, EditorState } from 'prosemirror-state'
 */

const { nodes, marks } = schema

/** @param {EditorState} state */
const textblocks = (state) => {
  /** @type {{node: Node, position: number}[]} */
  const found = []
  state.doc.nodesBetween(state.selection.from, state.selection.to, (node, position) => {
    if (node.isTextblock) found.push({ node, position })
    return !node.isTextblock
  })
  return found
}

/**
 * Turns the selected blocks into paragraphs or headings; their language stays.
 * @param {NodeType} type
 * @param {Record<string, unknown>} more
 * @returns {Command}
 */
export const setBlock = (type, more = {}) => (state, dispatch) => {
  const blocks = textblocks(state)
  if (dispatch) {
    const { tr } = state
    for (const { node, position } of blocks) {
      const { lang, brk } = node.attrs
      tr.setNodeMarkup(position, type, { lang, brk, ...more })
    }
    dispatch(tr.scrollIntoView())
  }
  return blocks.length > 0
}

/**
 * Names the style of the block at the cursor: paragraph, heading1, heading2 or heading3.
 * @param {EditorState} state
 */
export function blockStyle (state) {
  const { parent } = state.selection.$from
  return parent.type === nodes.heading ? `heading${parent.attrs.level}` : 'paragraph'
}

/**
 * @param {EditorState} state
 * @param {NodeType[]} types
 */
function around (state, ...types) {
  const { $from } = state.selection
  for (let depth = $from.depth; depth > 0; depth--) {
    if (types.includes($from.node(depth).type)) return { node: $from.node(depth), position: $from.before(depth) }
  }
  return null
}

/**
 * @param {NodeType} type
 * @returns {Command}
 */
const toggleList = (type) => (state, dispatch) => {
  const list = around(state, nodes.bullet_list, nodes.ordered_list)
  if (!list) return wrapInList(type)(state, dispatch)
  if (list.node.type === type) return liftListItem(nodes.list_item)(state, dispatch)
  dispatch?.(state.tr.setNodeMarkup(list.position, type, { lang: list.node.attrs.lang }))
  return true
}

/** @type {Command} */
const toggleQuotation = (state, dispatch) =>
  around(state, nodes.blockquote) ? lift(state, dispatch) : wrapIn(nodes.blockquote)(state, dispatch)

/**
 * Indents a list item, as deep as a text may go.
 * @type {Command}
 */
const indent = (state, dispatch) =>
  state.selection.$from.depth + 2 <= MAX_DEPTH - 1 && sinkListItem(nodes.list_item)(state, dispatch)

/** @type {Command} */
const insertTable = (state, dispatch) => {
  if (isInTable(state)) return false
  /** @param {NodeType} cell */
  const row = (cell) => nodes.table_row.create(null, [1, 2, 3].map(() => /** @type {Node} */ (cell.createAndFill())))
  const table = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)])
  if (dispatch) {
    const { $from } = state.selection
    const emptyBlock = $from.depth > 0 && $from.parent.isTextblock && $from.parent.content.size === 0
    const at = emptyBlock ? $from.before() : $from.depth ? $from.after() : $from.pos
    const tr = emptyBlock ? state.tr.replaceWith(at, $from.after(), table) : state.tr.insert(at, table)
    const end = at + table.nodeSize
    if (end === tr.doc.content.size) tr.insert(end, nodes.paragraph.create()) // there must be a way out below
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 4))).scrollIntoView())
  }
  return true
}

/** @type {Command} */
const insertBreak = (state, dispatch) => {
  if (!state.selection.$from.parent.isTextblock) return false
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView())
  return true
}

/**
 * @param {MarkType} type
 * @returns {(state: EditorState) => boolean}
 */
const hasMark = (type) => (state) => {
  const { from, to, empty, $from } = state.selection
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type)
}

/**
 * Commands that only change the text. `pressed` returns whether the button shows as pressed;
 * commands of a table are enabled only inside one.
 * @type {Record<string, {run: Command, pressed?: (state: EditorState) => boolean, table?: boolean}>}
 */
export const commands = {
  undo: { run: undoCommand },
  redo: { run: redoCommand },
  bold: { run: toggleMark(marks.strong), pressed: hasMark(marks.strong) },
  italic: { run: toggleMark(marks.em), pressed: hasMark(marks.em) },
  paragraph: { run: setBlock(nodes.paragraph) },
  heading1: { run: setBlock(nodes.heading, { level: 1 }) },
  heading2: { run: setBlock(nodes.heading, { level: 2 }) },
  heading3: { run: setBlock(nodes.heading, { level: 3 }) },
  bullets: { run: toggleList(nodes.bullet_list), pressed: (state) => around(state, nodes.bullet_list, nodes.ordered_list)?.node.type === nodes.bullet_list },
  numbers: { run: toggleList(nodes.ordered_list), pressed: (state) => around(state, nodes.bullet_list, nodes.ordered_list)?.node.type === nodes.ordered_list },
  indent: { run: indent },
  outdent: { run: liftListItem(nodes.list_item) },
  quotation: { run: toggleQuotation, pressed: (state) => Boolean(around(state, nodes.blockquote)) },
  break: { run: insertBreak },
  table: { run: insertTable },
  'row-before': { run: addRowBefore, table: true },
  'row-after': { run: addRowAfter, table: true },
  'row-delete': { run: deleteRow, table: true },
  'column-before': { run: addColumnBefore, table: true },
  'column-after': { run: addColumnAfter, table: true },
  'column-delete': { run: deleteColumn, table: true },
  'header-row': { run: toggleHeaderRow, table: true, pressed: (state) => Boolean(around(state, nodes.table)?.node.firstChild?.firstChild?.type === nodes.table_header) },
  'table-delete': { run: deleteTable, table: true },
  ...Object.fromEntries(['en', 'ja', 'ko'].map((lang) => [`lang-${lang}`, { run: setLanguage(lang) }])),
  'lang-auto': { run: setLanguage(null) }
}
