/**
 * Every node and mark that a text may contain, as in the server's table (workgroup/textlog/schema.py).
 *
 * An editor that does not know a node deletes it, for everybody, by merely opening the page, so a
 * name is never taken away and VERSION goes up with every change. Content rules are as wide as the
 * server's: what two people make together must still be something this schema can hold.
 */
import { Schema } from 'prosemirror-model'

/** @import { Node, NodeSpec, NodeType, MarkSpec, MarkType, TagParseRule } from 'prosemirror-model' */

export const VERSION = 1
export const ROOT = 'prosemirror'
export const MAX_DEPTH = 20 // elements inside one another, as the intake counts them
export const MAX_NOTE = 4000
export const MAX_NOTES = 20 // in one paragraph; a text with more can't be frozen (exports/sizes.py)
export const MAX_SPAN = 20 // rows or columns of one cell
export const MAX_ADDRESS = 2000

/** What the server accepts in the whole life of one text, deleted content included. */
export const MAX_STREAM = { bytes: 32000000, items: 300000, elements: 40000, words: 3000000, marks: 300000, steps: 5000000 }

const SAFE_LINK = /^(https?:|mailto:|\/|#)/i
const SAFE_IMAGE = /^(https:|\/)/i
// eslint-disable-next-line no-control-regex -- browsers drop control characters inside addresses, so "java\nscript:" runs
const CONTROLS = /[\u0000-\u001f]/

/**
 * Returns an address that may be followed, or null.
 * @param {unknown} href
 * @returns {string|null}
 */
export const safeLink = (href) =>
  typeof href === 'string' && href.length <= MAX_ADDRESS && SAFE_LINK.test(href) &&
  !CONTROLS.test(href) ? href : null

const lang = { lang: { default: null } }
const textblock = { ...lang, brk: { default: null } }

/** @param {HTMLElement} dom */
const langOf = (dom) => ({ lang: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.exec(dom.getAttribute('lang') || '')?.[0] ?? null })
/**
 * @param {Node} node
 * @param {Record<string, string|number>} more
 * @returns {Record<string, string|number>}
 */
const dress = (node, more = {}) => (node.attrs.lang ? { lang: node.attrs.lang, ...more } : more)

/**
 * @param {HTMLElement} dom
 * @param {string} name
 * @param {number} least
 * @param {number} most
 */
const whole = (dom, name, least, most) => {
  const value = parseInt(dom.getAttribute(name) ?? '', 10)
  return value >= least && value <= most ? value : least
}

/**
 * @param {number} level
 * @param {string} tag
 * @returns {TagParseRule}
 */
const heading = (level, tag) => ({ tag, getAttrs: (dom) => ({ ...langOf(dom), level }) })

/**
 * @param {string} tag
 * @param {string} role
 * @returns {NodeSpec}
 */
const cell = (tag, role) => ({
  content: 'block+',
  attrs: { ...lang, colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } },
  tableRole: role,
  isolating: true,
  parseDOM: [{
    tag,
    getAttrs: (dom) => ({ ...langOf(dom), colspan: whole(dom, 'colspan', 1, MAX_SPAN), rowspan: whole(dom, 'rowspan', 1, MAX_SPAN) })
  }],
  toDOM: (node) => {
    /** @type {Record<string, number>} */
    const more = {}
    if (node.attrs.colspan !== 1) more.colspan = node.attrs.colspan
    if (node.attrs.rowspan !== 1) more.rowspan = node.attrs.rowspan
    return [tag, dress(node, more), 0]
  }
})

/** @satisfies {Record<string, NodeSpec>} */
const nodes = {
  doc: { content: 'block+' },
  paragraph: {
    content: 'inline*',
    group: 'block',
    attrs: textblock,
    parseDOM: [{ tag: 'p', getAttrs: langOf }],
    toDOM: (node) => ['p', dress(node), 0]
  },
  heading: {
    content: 'inline*',
    group: 'block',
    defining: true,
    attrs: { ...textblock, level: { default: 1 } },
    // The page's own title is its h1, so level 1 shows as h2; elsewhere h1 is the first level.
    parseDOM: [
      ...[1, 2, 3].map((level) => heading(level, `h${level + 1}[data-level="${level}"]`)),
      heading(1, 'h1'), heading(2, 'h2'), heading(3, 'h3'), heading(3, 'h4'), heading(3, 'h5'), heading(3, 'h6')
    ],
    toDOM: (node) => [`h${node.attrs.level + 1}`, dress(node, { 'data-level': node.attrs.level }), 0]
  },
  blockquote: {
    content: 'block+',
    group: 'block',
    defining: true,
    attrs: lang,
    parseDOM: [{ tag: 'blockquote', getAttrs: langOf }],
    toDOM: (node) => ['blockquote', dress(node), 0]
  },
  bullet_list: {
    content: 'list_item+',
    group: 'block',
    attrs: lang,
    parseDOM: [{ tag: 'ul', getAttrs: langOf }],
    toDOM: (node) => ['ul', dress(node), 0]
  },
  ordered_list: {
    content: 'list_item+',
    group: 'block',
    attrs: { ...lang, order: { default: 1 } },
    parseDOM: [{
      tag: 'ol',
      getAttrs: (dom) => ({ ...langOf(dom), order: dom.hasAttribute('start') ? whole(dom, 'start', 0, 9999) : 1 })
    }],
    toDOM: (node) => ['ol', dress(node, node.attrs.order === 1 ? {} : { start: node.attrs.order }), 0]
  },
  list_item: {
    content: 'block+',
    defining: true,
    attrs: lang,
    parseDOM: [{ tag: 'li', getAttrs: langOf }],
    toDOM: (node) => ['li', dress(node), 0]
  },
  table: {
    content: 'table_row+',
    group: 'block',
    tableRole: 'table',
    isolating: true,
    attrs: lang,
    parseDOM: [{ tag: 'table', getAttrs: langOf }],
    toDOM: (node) => ['table', dress(node, { class: 't' }), ['tbody', 0]]
  },
  table_row: {
    content: '(table_cell | table_header)*',
    tableRole: 'row',
    attrs: lang,
    parseDOM: [{ tag: 'tr', getAttrs: langOf }],
    toDOM: (node) => ['tr', dress(node), 0]
  },
  table_cell: cell('td', 'cell'),
  table_header: cell('th', 'header_cell'),
  horizontal_rule: {
    group: 'block',
    attrs: lang,
    parseDOM: [{ tag: 'hr', getAttrs: langOf }],
    toDOM: (node) => ['hr', dress(node)]
  },
  image: {
    group: 'block',
    atom: true,
    attrs: {
      ...lang,
      src: {},
      alt: { default: '' },
      caption: { default: '' },
      credit: { default: '' },
      licence: { default: '' },
      width: { default: null }
    },
    // Only our own figures: a picture pasted from elsewhere is left out, with a notice.
    parseDOM: [{ tag: 'figure[data-image]', getAttrs: (dom) => JSON.parse(dom.dataset.image ?? '{}') }],
    toDOM: (node) => [
      'figure', dress(node, { 'data-image': JSON.stringify(node.attrs) }),
      ['img', { src: SAFE_IMAGE.test(node.attrs.src) ? node.attrs.src : '', alt: node.attrs.alt }],
      ['figcaption', [node.attrs.caption, node.attrs.credit].filter(Boolean).join(' · ')]
    ]
  },
  text: { group: 'inline' },
  hard_break: {
    inline: true,
    group: 'inline',
    selectable: false,
    leafText: () => '\n',
    parseDOM: [{ tag: 'br' }],
    toDOM: () => ['br']
  },
  footnote: {
    inline: true,
    group: 'inline',
    atom: true,
    attrs: { text: { default: '' } },
    leafText: (node) => ` [${node.attrs.text}]`,
    parseDOM: [{ tag: '[data-footnote]', getAttrs: (dom) => ({ text: (dom.dataset.footnote ?? '').slice(0, MAX_NOTE) }) }],
    toDOM: (node) => ['span', { class: 'fn', title: node.attrs.text, 'data-footnote': node.attrs.text }]
  },
  cross_reference: {
    inline: true,
    group: 'inline',
    atom: true,
    attrs: { target: {}, label: { default: '' } },
    leafText: (node) => node.attrs.label,
    parseDOM: [{
      tag: 'span[data-target]',
      getAttrs: (dom) => ({ target: (dom.dataset.target ?? '').slice(0, 200), label: (dom.textContent ?? '').slice(0, 500) })
    }],
    toDOM: (node) => ['span', { class: 'xref', 'data-target': node.attrs.target }, node.attrs.label]
  }
}

/**
 * @param {string} tag
 * @returns {MarkSpec}
 */
const suggestion = (tag) => ({
  attrs: { id: {}, by: {} },
  parseDOM: [{ tag: `${tag}[data-id][data-by]`, getAttrs: (dom) => ({ id: dom.dataset.id, by: dom.dataset.by }) }],
  toDOM: (mark) => [tag, { 'data-id': mark.attrs.id, 'data-by': mark.attrs.by }, 0]
})

/** @satisfies {Record<string, MarkSpec>} */
const marks = {
  link: {
    attrs: { href: {} },
    inclusive: false,
    parseDOM: [{ tag: 'a[href]', getAttrs: (dom) => (safeLink(dom.getAttribute('href')) ? { href: dom.getAttribute('href') } : false) }],
    toDOM: (mark) => ['a', safeLink(mark.attrs.href) ? { href: mark.attrs.href, rel: 'noopener noreferrer' } : {}, 0]
  },
  em: {
    parseDOM: [{ tag: 'em' }, { tag: 'i' }],
    toDOM: () => ['em', 0]
  },
  strong: {
    parseDOM: [{ tag: 'strong' }, { tag: 'b' }],
    toDOM: () => ['strong', 0]
  },
  comment: {
    attrs: { id: {} },
    excludes: '', // threads may overlap
    inclusive: false,
    parseDOM: [{
      tag: 'span[data-comment]',
      getAttrs: (dom) => ({ id: /^\d+$/.test(dom.dataset.comment ?? '') ? Number(dom.dataset.comment) : dom.dataset.comment })
    }],
    toDOM: (mark) => ['span', { 'data-comment': mark.attrs.id }, 0]
  },
  insertion: suggestion('ins'),
  deletion: suggestion('del'),
  lang: {
    attrs: { lang: {} },
    parseDOM: [{ tag: 'span[lang]', getAttrs: (dom) => (langOf(dom).lang ? langOf(dom) : false) }],
    toDOM: (mark) => ['span', { lang: mark.attrs.lang }, 0]
  }
}

export const schema = new Schema({ nodes, marks })

/** Lists names, attributes and their defaults, for the comparison with the server's table. */
export function describe () {
  /** @param {{spec: {attrs?: Record<string, {default?: unknown}>}}} type */
  const attributes = (type) => Object.fromEntries(Object.entries(type.spec.attrs || {}).map(
    ([name, attr]) => [name, 'default' in attr ? { default: attr.default } : { required: true }]
  ))
  /** @param {Record<string, NodeType|MarkType>} types */
  const known = (types) => Object.fromEntries(Object.entries(types).map(([name, type]) => [name, attributes(type)]))
  const { text: _letters, ...elements } = known(schema.nodes)
  return {
    version: VERSION,
    root: ROOT,
    limits: { depth: MAX_DEPTH, notes: MAX_NOTES, span: MAX_SPAN, stream: MAX_STREAM },
    nodes: elements,
    marks: known(schema.marks),
    overlapping: Object.keys(schema.marks).filter((name) => !schema.marks[name].excludes(schema.marks[name]))
  }
}
