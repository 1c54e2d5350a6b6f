/** Creates the few elements that the page does not render. */

/**
 * Draws one of the page's icons; the workspace sets where their file is.
 * @param {string} name
 */
export function icon (name) {
  const file = document.getElementById('workspace')?.dataset.icons
  if (!file) return ''
  const space = 'http://www.w3.org/2000/svg'
  const picture = document.createElementNS(space, 'svg')
  picture.setAttribute('class', 'i')
  picture.setAttribute('aria-hidden', 'true')
  picture.appendChild(document.createElementNS(space, 'use')).setAttribute('href', `${file}#${name}`)
  return picture
}

/**
 * Makes an element with attributes and children. An attribute that is true is set without a value;
 * one that is false, null or undefined is left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string|number|boolean|null|undefined>} attributes
 * @param {(Node|string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make (tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '')
    else if (value !== false && value != null) element.setAttribute(name, String(value))
  }
  element.append(...children)
  return element
}
