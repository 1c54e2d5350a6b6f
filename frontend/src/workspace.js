/** Connects one live text with the parts of the page around it. */
import { databaseName, onLeaving, remember } from '../../workgroup/static/device.js'
import { Composer } from './composer.js'
import { mountEditor } from './editor.js'
import { isFinal, noticeOf, strandedBy, takesWords } from './endings.js'
import { FULL, NEARLY_FULL } from './fullness.js'
import { Refreshes } from './events.js'
import { unsentText } from './leftovers.js'
import { editFootnote, editLink, openSelectedNote } from './notes.js'
import { Notices } from './notices.js'
import { olderDrafts } from './older.js'
import { drawPeople } from './presence.js'
import { Provider } from './provider.js'
import { Rail } from './rail.js'
import { ROOT, VERSION } from './schema.js'
import { Session } from './session.js'
import { Status } from './status.js'
import { neighborThread, setThreads } from './threads.js'
import { Toolbar } from './toolbar.js'
import { UnsentBoxes } from './unsent.js'
import { make } from './elements.js'
import { readTranslations } from './translations.js'

/**
 * @import { EditorView } from 'prosemirror-view'
 * @import { Unsent } from './store.js'
 * @import { Drawn } from './threads.js'
 * @import { Command } from 'prosemirror-state'
 */

const PATIENCE = 1500 // ms of an empty sheet before the page says that the text is still loading
/**
 * @param {string} id
 * @param {HTMLElement} parent
 * @returns {HTMLElement}
 */
const byId = (id, parent = document.body) => document.getElementById(id) ?? parent.appendChild(make('div', { id }))

export class Workspace {
  /** @param {HTMLElement} root */
  constructor (root) {
    const { live = '', person = '', section = '', title = '', commentUrl = '', names = '', signIn = '/sign-in', signedIn = '', label } = root.dataset
    this.translate = readTranslations(document.getElementById('editor-words'))
    this.data = root.dataset
    this.person = person
    this.section = section
    this.title = title
    this.root = root
    /** @type {EditorView|null} */
    this.view = null
    /** @type {Provider|null} */
    this.provider = null
    /** @type {Provider|null} whose log has been caught up in this page load */
    this.settled = null
    /** @type {Provider|null} whose words stay here */
    this.stranded = null
    this.editable = false
    this.initiallyFrozen = false
    this.label = label ?? this.translate('text.label')
    this.url = new URL(live, location.href.replace(/^http/, 'ws')).href
    this.database = databaseName(person, section, VERSION)
    this.sheet = byId('sheet', root)
    this.people = byId('people', root)
    this.notices = new Notices(byId('notices', root), this.translate)
    this.unsent = new UnsentBoxes(byId('notices', root), this.translate)
    this.status = new Status(byId('save-state', root), this.translate)
    const rail = byId('rail', root)
    const composer = document.getElementById('composer') ?? make('div', { id: 'composer' })
    if (!composer.isConnected) rail.before(composer)
    this.rail = new Rail(rail, { cards: (cards, elsewhere) => this.tellThreads({ cards, elsewhere }), chosen: (id) => this.choose(id, 'rail') })
    this.composer = new Composer({
      place: composer,
      url: commentUrl,
      names,
      person,
      who: () => this.session.whoIsSignedIn(),
      translate: this.translate,
      view: () => this.view,
      marks: () => this.provider?.frozen === false,
      done: (id) => this.commented(id),
      show: (open) => this.rail.show(open)
    })
    this.toolbar = new Toolbar(byId('toolbar', root), {
      link: (view) => editLink(view, this.translate),
      footnote: (view) => editFootnote(view, this.translate),
      comment: () => this.comment()
    })
    this.refreshes = new Refreshes((event) => document.body.dispatchEvent(new CustomEvent(event, { bubbles: true })))
    this.session = new Session({ person, provider: () => this.provider, notices: this.notices, translate: this.translate, signIn, signedIn })
  }

  open () {
    if (Number(this.data.schema) !== VERSION) {
      this.askReload()
      return
    }
    addEventListener('offline', () => this.provider?.reconnect())
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.provider?.store.flush() })
    remember(this.database, { title: this.title, path: location.pathname })
    onLeaving(this.person, () => this.provider?.leave())
    this.start(this.data.frozen === 'true')
  }

  /**
   * Starts from what this device and the log hold; read-only from the start if the text is frozen.
   * @param {boolean} frozen
   */
  async start (frozen) {
    const provider = new Provider({
      url: this.url,
      person: Number(this.data.person),
      names: this.data.names ?? '',
      database: this.database,
      frozen,
      listeners: {
        changed: () => this.changed(),
        redraw: () => this.redraw(),
        reset: (unsent) => this.reset(unsent),
        event: (name) => this.refreshPage(name),
        people: (people) => drawPeople(this.people, people, this.translate)
      }
    })
    this.provider = provider
    this.initiallyFrozen = frozen
    setTimeout(() => this.showLoading(provider), PATIENCE)
    await provider.start()
    const older = await olderDrafts(this.person, this.section, VERSION).catch(() => [])
    for (const draft of older) this.unsent.show({ ...draft, why: 'schema', reason: '' }, draft.forget)
  }

  // ---- the text

  changed () {
    const { provider } = this
    if (!provider) return
    this.status.show(provider)
    this.session.follow(provider)
    this.showFrozen(provider)
    this.root.toggleAttribute('data-unsaved', !provider.outbox.empty)
    if (provider.state === 'reload') this.askReload(noticeOf(provider))
    if (provider.state === 'unavailable') this.notices.show('unavailable', { kind: 'warn', text: this.translate(noticeOf(provider)) })
    else if (provider.state === 'live') this.notices.hide('unavailable')
    if (provider.fullness >= NEARLY_FULL) this.showFull(provider.fullness)
    if (provider.state === 'removed') this.notices.show('removed', { kind: 'bad', text: this.translate('removed') })
    this.showStranded(provider)
    if (!this.view && provider.doc.getXmlFragment(ROOT).length > 0) this.mount(provider)
    if (this.view) this.refresh()
    if (provider.state === 'live' && this.view) this.settle(provider)
  }

  /** @param {Provider} provider */
  mount (provider) {
    const { translate } = this
    /**
     * @param {1|-1} direction
     * @returns {Command}
     */
    const turn = (direction) => (state) => {
      const next = neighborThread(state, direction)
      if (next) this.choose(next.id, 'keys')
      return true
    }
    this.view = mountEditor(this.sheet, {
      provider,
      translate,
      label: this.label,
      editable: () => takesWords(provider),
      notify: (key) => this.notices.show(key, { kind: 'warn', text: translate(key), closes: true }),
      chosen: (id) => this.choose(id, 'text'),
      updated: (view, docChanged) => {
        this.toolbar.show(view)
        if (docChanged) this.rail.look(provider.state === 'live' ? view.state.doc : null)
      },
      acts: {
        link: (_state, _dispatch, view) => { if (view) editLink(view, translate); return true },
        footnote: (_state, _dispatch, view) => { if (view) editFootnote(view, translate); return true },
        openNote: openSelectedNote(translate),
        comment: () => { this.comment(); return true },
        toolbar: () => this.toolbar.focus(),
        nextThread: turn(1),
        previousThread: turn(-1)
      }
    })
    this.notices.hide('loading')
    this.editable = this.view.editable
    this.toolbar.show(this.view)
    this.rail.read()
  }

  /** Rebuilds the view from the document, which is right; its undo history is lost. */
  redraw () {
    this.view?.destroy()
    this.view = null
    this.changed()
  }

  /** Makes a change of editable take effect: ProseMirror reads it only when its props are set. */
  refresh () {
    const { provider, view } = this
    if (!provider || !view) return
    const editable = takesWords(provider)
    if (editable === this.editable) return
    this.editable = editable
    view.setProps({})
    this.toolbar.show(this.view)
  }

  /**
   * Once in each page load, when the log is caught up: lost passages and words of earlier loads.
   * @param {Provider} provider
   */
  settle (provider) {
    if (this.settled === provider) return
    this.settled = provider
    this.rail.look(this.view?.state.doc ?? null)
    this.unsent.showKept(provider.store, provider.doc).catch(() => {})
  }

  /**
   * Puts the refused words into a box and loads the text again from the log.
   * @param {Unsent & {words: boolean, stored: boolean, frozen: boolean}} unsent
   */
  reset (unsent) {
    if (unsent.words && !unsent.stored) this.unsent.show(unsent, () => {})
    this.view?.destroy()
    this.view = null
    this.toolbar.show(null)
    this.provider?.stop()
    this.start(unsent.frozen)
  }

  // ---- what the page shows about it

  /** @param {Provider} provider */
  showFrozen ({ frozen, frozenBy }) {
    if (!frozen || this.initiallyFrozen) {
      this.notices.hide('frozen')
      return
    }
    this.notices.show('frozen', { text: this.translate(frozenBy ? 'frozen.by' : 'frozen', { name: frozenBy }) })
  }

  /** @param {number} share */
  showFull (share) {
    this.notices.show('full', { kind: 'warn', text: this.translate(share < FULL ? 'full.nearly' : 'full', { percent: Math.floor(100 * share) }) })
  }

  /** @param {Provider} provider the one whose text was waited for */
  showLoading (provider) {
    if (provider === this.provider && !this.view && !isFinal(provider.state)) this.notices.show('loading', { text: this.translate('loading') })
  }

  askReload (key = 'reload') {
    this.notices.show('reload', {
      kind: 'bad', text: this.translate(key), action: { text: this.translate('reload.button'), run: () => location.reload() }
    })
  }

  /** @param {Provider} provider whose words, if any are left, would never be sent */
  async showStranded (provider) {
    const why = strandedBy(provider)
    if (!why || this.stranded === provider) return
    this.stranded = provider
    const text = await unsentText(provider)
    if (text) this.unsent.show({ why, reason: '', text, at: Date.now() }, () => {})
  }

  /** @param {string} name of something that has changed on the server */
  refreshPage (name) {
    this.refreshes.schedule(name)
  }

  // ---- discussion

  /** @param {Partial<Drawn>} change */
  tellThreads (change) { if (this.view) setThreads(this.view, change) }

  /**
   * @param {string} id
   * @param {'rail'|'keys'|'text'} from
   */
  choose (id, from) {
    this.tellThreads({ active: id })
    const there = this.rail.activate(id, from !== 'rail')
    if (!there) document.body.dispatchEvent(new CustomEvent('wg:card', { detail: { thread: id } }))
    if (there && from !== 'rail') document.body.dispatchEvent(new CustomEvent('wg:thread', { detail: { thread: id } }))
    if (from !== 'text') this.view?.dom.querySelector(`[data-passage="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'center' })
  }

  comment () {
    if (this.data.mayComment === 'true' && this.view && this.composer.open()) this.notices.hide('comment.select')
    else this.notices.show('comment.select', { text: this.translate('comment.select'), closes: true })
  }

  /** @param {string} id */
  commented (id) {
    this.choose(id, 'text')
    this.refreshPage('threads')
  }
}
