/**
 * Simplifies the HTML that Word, LibreOffice and Google Docs put on the clipboard.
 *
 * Word writes lists as paragraphs with a bullet in the text, and footnotes as dead links with their
 * texts at the end; both become lists and footnotes again. Nothing here depends on the editor.
 */
const OFFICE = /mso-|class="?Mso|urn:schemas-microsoft/i
const BULLET = /<!\[if !supportLists\]>[\s\S]*?<!\[endif\]>/gi
const OFFICE_TAGS = /<\/?(o|w|m|v|st1):[^>]*>/gi
const LEVEL = /mso-list:\s*l\d+ level(\d+)/i
const NUMBERED = /^\s*[\da-zA-Z]+[.)]/

// Where each program keeps a note: the link in the text, and the element that holds its words.
/** @type {{link: string, names: (id: string) => string[]}[]} */
const NOTES = [
  { link: 'a[href^="#_ftn"]:not([href^="#_ftnref"]), a[href^="#_edn"]:not([href^="#_ednref"])', names: (id) => [id.slice(1)] }, // Word
  { link: 'a[href^="#sdfootnote"][href$="sym"], a[href^="#sdendnote"][href$="sym"]', names: (id) => [id.replace(/sym$/, ''), id] }, // LibreOffice
  { link: 'a[href^="#ftnt"]:not([href^="#ftnt_ref"])', names: (id) => [id] } // Google Docs
]

/** @param {Element} element */
const styleOf = (element) => element.getAttribute('data-style') || ''
/** @param {Element} element */
const words = (element) => element.textContent ?? ''
const isNumber = /^\s*\[?[\divxlc*]+\]?[.)]?\s*/i

/**
 * Finds the element that holds a note's words: by its id, or around an anchor of that name.
 * @param {Element} body
 * @param {string} id
 * @returns {Element|null}
 */
function noteElement (body, id) {
  const named = body.querySelector(`[id="${id}"], a[name="${id}"]`)
  if (!named) return null
  return named.localName === 'a' ? named.closest('div, p, li') : named
}

/**
 * @param {Element} element
 * @param {Element} link
 */
function noteText (element, link) {
  const copy = /** @type {Element} */ (element.cloneNode(true))
  for (const back of copy.querySelectorAll('a[href^="#"], a[name]')) {
    if (isNumber.test(words(back)) && words(back).replace(isNumber, '') === '') back.remove()
  }
  for (const italic of copy.querySelectorAll('i, em')) italic.replaceWith(`*${italic.textContent}*`)
  return words(copy).replace(/\s+/g, ' ').replace(/^\s*\[\d+\]\s*/, '').trim() || words(link).trim()
}

/** @param {Element} body */
function bringNotes (body) {
  const used = new Set()
  for (const { link, names } of NOTES) {
    for (const anchor of body.querySelectorAll(link)) {
      const id = (anchor.getAttribute('href') ?? '').slice(1)
      const element = names(id).map((name) => noteElement(body, name)).find(Boolean)
      if (!element || element.contains(anchor)) continue
      used.add(element)
      const note = body.ownerDocument.createElement('span')
      note.setAttribute('data-footnote', noteText(element, anchor))
      const holder = anchor.closest('sup')
      ;(holder && words(holder).trim() === words(anchor).trim() ? holder : anchor).replaceWith(note)
    }
  }
  for (const element of used) element.remove()
  for (const holder of body.querySelectorAll('[data-style*="mso-element:footnote-list"], [data-style*="mso-element:endnote-list"]')) holder.remove()
}

/**
 * @param {Element[]} open the lists that are open, outermost first
 * @param {number} level
 * @param {boolean} numbered
 * @param {Element} paragraph
 */
function nest (open, level, numbered, paragraph) {
  const doc = paragraph.ownerDocument
  while (open.length > level) open.pop()
  while (open.length < level) {
    const list = doc.createElement(numbered ? 'ol' : 'ul')
    const outer = open[open.length - 1]
    if (outer) (outer.lastElementChild || outer.appendChild(doc.createElement('li'))).append(list)
    else paragraph.before(list)
    open.push(list)
  }
}

/**
 * Turns Word's list paragraphs into lists; an interruption begins a new one.
 * @param {Element} body
 */
function bringLists (body) {
  const doc = body.ownerDocument
  /** @type {Element[]} */
  let open = []
  for (const paragraph of body.querySelectorAll('p, h1, h2, h3, h4, h5, h6')) {
    const level = Number(LEVEL.exec(styleOf(paragraph))?.[1] ?? 0)
    if (!level) {
      open = []
      continue
    }
    const bullet = paragraph.querySelector('[data-bullet], [data-style*="mso-list:Ignore"], [data-style*="mso-list: Ignore"]')
    const numbered = NUMBERED.test(bullet?.textContent ?? '')
    bullet?.remove()
    if (open.length && open[0] !== paragraph.previousElementSibling) open = []
    nest(open, level, numbered, paragraph)
    const item = doc.createElement('li')
    const inner = doc.createElement('p')
    inner.append(...paragraph.childNodes)
    item.append(inner)
    open[level - 1].append(item)
    paragraph.remove()
  }
}

/**
 * Word's titles are paragraphs of a class.
 * @param {Element} body
 */
function bringTitles (body) {
  for (const paragraph of body.querySelectorAll('p.MsoTitle')) {
    const title = body.ownerDocument.createElement('h1')
    title.append(...paragraph.childNodes)
    paragraph.replaceWith(title)
  }
}

const BOLD = /(?:^|[;\s])font-weight:\s*(bold|[6-9]00)/i
const ITALIC = /(?:^|[;\s])font-style:\s*italic/i
const NORMAL = /(?:^|[;\s])font-weight:\s*(normal|400)/i

/**
 * Turns the styles that carry meaning into elements; Google Docs wraps everything in a <b> that is not bold.
 * @param {Element} body
 */
function bringEmphasis (body) {
  /**
   * @param {Element} element
   * @param {string} tag
   */
  const wrap = (element, tag) => {
    const inner = body.ownerDocument.createElement(tag)
    inner.append(...element.childNodes)
    element.append(inner)
  }
  for (const element of body.querySelectorAll('[data-style]')) {
    const style = styleOf(element)
    if (element.localName === 'b' && NORMAL.test(style)) element.replaceWith(...element.childNodes)
    else if (element.localName === 'span') {
      if (BOLD.test(style)) wrap(element, 'b')
      if (ITALIC.test(style)) wrap(element, 'i')
    }
  }
}

/**
 * Keeps styles from being applied while they are read: the page's security policy would block and report each.
 * @param {string} html
 */
const withoutStyles = (html) => html.replace(/<style[\s\S]*?<\/style>/gi, '')
  .replace(/<[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>/gi, (tag) => tag.replace(/(\s)style\s*=/gi, '$1data-style='))

/**
 * Simplifies pasted HTML. The parse function turns HTML into a document (DOMParser in browsers).
 * @param {string} html
 * @param {(html: string) => Document} parse
 */
export function cleanPasted (html, parse) {
  const office = OFFICE.test(html)
  const prepared = withoutStyles(office
    ? html.replace(BULLET, (bullet) => `<span data-bullet>${bullet.replace(/<[^>]+>/g, '')}</span>`).replace(OFFICE_TAGS, '')
    : html)
  const { body } = parse(prepared)
  const pictures = body.querySelectorAll('img:not([data-image] img), picture, svg, object, embed').length
  for (const junk of body.querySelectorAll('style, script, meta, link, title, xml')) junk.remove()
  bringNotes(body)
  if (office) {
    bringTitles(body)
    bringLists(body)
  }
  bringEmphasis(body)
  return { html: body.innerHTML, pictures }
}

const UNPAIRED = /[\ud800-\udbff](?![\udc00-\udfff])|(^|[^\ud800-\udbff])[\udc00-\udfff]/g
// eslint-disable-next-line no-control-regex -- these are what is to be taken out
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/**
 * Removes what no text may contain: control characters and halves of surrogate pairs.
 * @param {string} text
 */
export const cleanText = (text) => text.replace(CONTROLS, '').replace(UNPAIRED, (found, before) => (found.length > 1 ? before : ''))
