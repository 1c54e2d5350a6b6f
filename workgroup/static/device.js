/**
 * What this browser keeps of live texts: which databases there are, whose they are, and what in them has
 * not reached the server. Used by every page (signing out) and, bundled, by the editor.
 *
 * The list of databases is kept in localStorage, because not every browser can list them itself.
 *
 * @typedef {{name: string, person: string, title: string, path: string}} Kept
 * @typedef {Kept & {changes: number}} Waiting changes: how much has not reached the server; NaN where it cannot be read
 */

const PREFIX = "workgroup:";
const LISTED = "workgroup-text:"; // and the database's name: {title, path}
const LEFT = "workgroup-left:"; // and the person: another value after each sign-out
const CHANNEL = "workgroup";
const PATIENCE = 2000; // ms for a database that another page holds open, or that never answers

/**
 * @param {string|number} person
 * @param {string|number} section
 * @param {string|number} schema
 */
export const databaseName = (person, section, schema) => `${PREFIX}${person}:${section}:${schema}`;

/** @returns {Storage|null} null where the browser refuses storage altogether */
function storage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/**
 * Records that a database is about to be created, and which page its text is on.
 * @param {string} name
 * @param {{title: string, path: string}} about
 */
export function remember(name, { title, path }) {
  try {
    storage()?.setItem(LISTED + name, JSON.stringify({ title, path }));
  } catch { /* the storage is full: most browsers can list their databases as well */ }
}

/** @param {string} name */
const forgetName = (name) => storage()?.removeItem(LISTED + name);

/** @param {string|null|undefined} text */
function about(text) {
  try {
    const { title = "", path = "" } = JSON.parse(text ?? "{}");
    return { title: String(title), path: String(path) };
  } catch {
    return { title: "", path: "" };
  }
}

/**
 * Lists every text's database on this device, whomever it belongs to.
 * @returns {Promise<Kept[]>}
 */
export async function keptTexts() {
  const list = storage();
  const names = new Set(Array.from({ length: list?.length ?? 0 }, (_, place) => list?.key(place) ?? "")
    .filter((key) => key.startsWith(LISTED)).map((key) => key.slice(LISTED.length)));
  // Firefox before 126 has no such list; a browser that refuses its databases throws, and one may not answer.
  const listed = (async () => (await indexedDB.databases?.()) ?? [])();
  for (const { name } of await inTime(listed, [])) if (name?.startsWith(PREFIX)) names.add(name);
  return [...names].map((name) => ({ name, person: name.split(":")[1] ?? "", ...about(list?.getItem(LISTED + name)) }));
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/**
 * @template T
 * @param {Promise<T>} answer
 * @param {T} otherwise where there is none in time
 * @returns {Promise<T>}
 */
function inTime(answer, otherwise) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  /** @type {Promise<T>} */
  const late = new Promise((resolve) => { timer = setTimeout(() => resolve(otherwise), PATIENCE); });
  return Promise.race([answer.catch(() => otherwise), late]).finally(() => clearTimeout(timer));
}

/**
 * Opens a database that exists; a name that is only listed creates none.
 * @param {string} name
 * @returns {Promise<IDBDatabase|null>}
 */
async function openExisting(name) {
  const request = indexedDB.open(name);
  let isNew = false;
  request.onupgradeneeded = () => {
    isNew = true;
    request.transaction?.abort();
  };
  try {
    return await asked(request);
  } catch (error) {
    if (isNew) return null;
    throw error;
  }
}

/**
 * @param {string} name
 * @returns {Promise<number>}
 */
async function changesIn(name) {
  const database = await openExisting(name);
  if (!database) return 0;
  try {
    const stores = ["outbox", "unsent"].filter((store) => database.objectStoreNames.contains(store));
    if (!stores.length) return 0;
    const transaction = database.transaction(stores);
    const counts = await Promise.all(stores.map((store) => asked(transaction.objectStore(store).count())));
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    database.close();
  }
}

/**
 * Lists one person's texts with words that the server lacks. A database that does not answer counts as one.
 * @param {string} person
 * @returns {Promise<Waiting[]>}
 */
export async function waitingTexts(person) {
  const mine = (await keptTexts()).filter((kept) => kept.person === person);
  const counted = await Promise.all(mine.map(async (kept) => ({ ...kept, changes: await inTime(changesIn(kept.name), NaN) })));
  return counted.filter(({ changes }) => changes !== 0);
}

/**
 * Deletes a text's database. One that cannot be deleted now stays listed, so that the next sign-out tries again.
 * @param {string} name
 */
export async function forgetText(name) {
  const gone = asked(indexedDB.deleteDatabase(name)).then(() => true);
  if (await inTime(gone, false)) forgetName(name);
}

/**
 * Deletes what this device keeps for one person; what it keeps for others stays.
 * @param {string} person
 */
export async function forgetTexts(person) {
  const mine = (await keptTexts()).filter((kept) => kept.person === person);
  await Promise.all(mine.map(({ name }) => forgetText(name)));
}

// ---- signing out, and how other pages learn of it

/**
 * Returns a mark that changes with each sign-out of this person; null if the browser stores none.
 * @param {string} person
 */
export function leavingMark(person) {
  const list = storage();
  return list && (list.getItem(LEFT + person) ?? "");
}

/**
 * Notifies every page of this browser that the person signs out.
 * @param {string} person
 */
export function announceLeaving(person) {
  try {
    storage()?.setItem(LEFT + person, `${Date.now()} ${Math.random()}`); // a page that sleeps now compares it later
  } catch { /* the storage is full: pages that are awake learn of it below */ }
  if (!globalThis.BroadcastChannel) return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ left: person });
  channel.close();
}

/**
 * Calls act, once, when this person signs out in this browser.
 * @param {string} person
 * @param {() => void} act
 * @returns {() => void} ends the listening
 */
export function onLeaving(person, act) {
  const mark = leavingMark(person);
  let told = false;
  const tell = () => {
    if (!told) act();
    told = true;
  };
  const channel = globalThis.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;
  if (channel) channel.onmessage = ({ data }) => { if (data?.left === person) tell(); };
  // A page that the browser had put to sleep got no message.
  const wake = () => { if (!document.hidden && leavingMark(person) !== mark) tell(); };
  globalThis.document?.addEventListener("visibilitychange", wake);
  return () => {
    channel?.close();
    globalThis.document?.removeEventListener("visibilitychange", wake);
  };
}
