/**
 * The page's sentences, already in the reader's language, with values filled in.
 * @typedef {(key: string, values?: Record<string, string|number|null>) => string} Translate
 */

/**
 * @param {HTMLElement|null} element the page's JSON of key and sentence
 * @returns {Translate}
 */
export function readTranslations (element) {
  /** @type {Record<string, string>} */
  const sentences = JSON.parse(element?.textContent || '{}')
  // A key without a sentence shows as itself: ugly, but better than an empty button.
  return (key, values = {}) => (sentences[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole))
}
