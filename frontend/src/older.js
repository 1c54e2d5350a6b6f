/** Words left on this device by editors of an earlier schema, whose updates the server no longer accepts. */
import { databaseName, forgetText, keptTexts } from '../../workgroup/static/device.js'
import { documentOf, missingFrom } from './leftovers.js'
import { Store } from './store.js'

/**
 * @returns {Promise<{text: string, at: number, forget: () => void}[]>}
 * @param {string|number} person
 * @param {string|number} section
 * @param {number} version
 */
export async function olderDrafts (person, section, version) {
  const mine = databaseName(person, section, version)
  const names = (await keptTexts()).map(({ name }) => name)
    .filter((name) => name.startsWith(databaseName(person, section, '')) && name !== mine)
  const found = []
  for (const name of names) {
    const store = new Store(name)
    await store.open()
    const { snapshot, rows, outbox } = await store.load()
    store.close()
    const text = missingFrom(documentOf({ snapshot, rows }), documentOf({ snapshot, rows: [...rows, ...outbox] }))
    if (text) found.push({ text, at: Date.now() + found.length, forget: () => forgetText(name) })
    else await forgetText(name)
  }
  return found
}
