/**
 * The sign-in behind the socket. When it ends, nothing is lost: this asks for a new one in another
 * tab, notices it, and lets the outbox go out.
 */
/**
 * @import { Notices } from './notices.js'
 * @import { Provider } from './provider.js'
 * @import { Say } from './translations.js'
 */

const AGAIN = 5000 // ms between two looks whether somebody has signed in again
const TRIES = 3 // attempts in vain after which the sign-in is looked at

export class Session {
  /** @param {{person: string, provider: () => Provider|null, notices: Notices, say: Say, signIn: string}} options */
  constructor ({ person, provider, notices, say, signIn }) {
    this.person = person
    this.provider = provider
    this.notices = notices
    this.say = say
    this.signIn = signIn
    /** @type {ReturnType<typeof setTimeout>|null} */
    this.timer = null
    for (const kind of ['focus', 'online']) addEventListener(kind, () => this.hurry())
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.hurry() })
  }

  /**
   * Follows the connection: looks at the sign-in where it may be the reason of a loss.
   * @param {Provider} provider
   */
  follow ({ state, connection }) {
    if (state === 'ended') {
      this.notices.show('session', {
        kind: 'bad', text: this.say('session.ended'), link: { text: this.say('session.sign_in'), href: this.signIn }
      })
    } else if (state === 'live') {
      this.notices.hide('session')
      clearTimeout(this.timer ?? undefined)
      this.timer = null
    }
    if (state === 'ended' || (state === 'offline' && connection.tries >= TRIES)) this.timer ??= setTimeout(() => this.look(), AGAIN)
  }

  hurry () {
    const provider = this.provider()
    if (provider?.state === 'ended') this.look()
    else provider?.check()
  }

  async look () {
    clearTimeout(this.timer ?? undefined)
    this.timer = null
    const provider = this.provider()
    const who = await this.whoIsSignedIn()
    if (!provider || provider !== this.provider()) return
    if (who === this.person) provider.check()
    else if (who) this.notices.show('session', { kind: 'bad', text: this.say('session.other') })
    else if (who === '' && provider.state === 'offline') provider.set('ended')
    this.follow(provider)
  }

  /**
   * Gives the person of this page as the server sees it now; '' for nobody, null where it does not answer.
   * @returns {Promise<string|null>}
   */
  async whoIsSignedIn () {
    try {
      const answer = await fetch(location.pathname, { redirect: 'manual', cache: 'no-store' })
      if (answer.type === 'opaqueredirect' || answer.status === 401) return ''
      if (!answer.ok) return null
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const token = page.querySelector('meta[name="csrf-token"]')?.getAttribute('content')
      if (token) document.querySelector('meta[name="csrf-token"]')?.setAttribute('content', token)
      return page.getElementById('workspace')?.dataset.person ?? ''
    } catch {
      return null
    }
  }
}
