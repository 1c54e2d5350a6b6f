/**
 * Which fragments of the page are fetched again when the server tells that something has changed. A
 * fragment names its event in hx-trigger. A name that is not here refreshes nothing, so that a newer
 * server can speak of things that this page does not show.
 */
/** @type {Record<string, string[]>} */
const REFRESHED_BY = {
  text: [], // its words, a freeze and a thaw come over the wire; what stands above it is its state
  state: ['wg:section'],
  threads: ['wg:comments'],
  ballot: ['wg:ballot'],
  notices: ['wg:notices'] // of the person: new ones, or read on another device
}

/**
 * @param {string} name
 * @returns {string[]} events to raise on the page's body
 */
export const refreshedBy = (name) => (Object.hasOwn(REFRESHED_BY, name) ? REFRESHED_BY[name] : [])
