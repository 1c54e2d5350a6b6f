/** The page's sentences, already in the reader's language, with values put in. */
export function readWords (element) {
  const words = JSON.parse(element?.textContent || '{}')
  return (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}

/** Draws one of the page's icons; the workspace tells where their file is. */
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

/** Makes an element with attributes and children, for the few that the page does not render. */
export function make (tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '')
    else if (value !== false && value != null) element.setAttribute(name, value)
  }
  element.append(...children)
  return element
}
