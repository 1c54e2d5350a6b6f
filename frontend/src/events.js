/**
 * What the server calls a change, and which fragments of the page are fetched again for it. A
 * fragment names its event in hx-trigger. A name that is not here refreshes nothing, so that a newer
 * server can speak of things that this page does not show.
 */
/** @type {Record<string, string[]>} */
const REFRESHED_BY = {
  text: ['wg:section'], // frozen, taken up again, restored
  state: ['wg:section'], // its state, title or place
  threads: ['wg:comments'],
  ballot: ['wg:ballot']
}

/**
 * @param {string} name
 * @returns {string[]} events to raise on the page's body
 */
export const refreshedBy = (name) => (Object.hasOwn(REFRESHED_BY, name) ? REFRESHED_BY[name] : [])
