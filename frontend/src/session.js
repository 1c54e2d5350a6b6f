/**
 * The sign-in that the socket belongs to. When it ends, nothing is lost: this asks for a new one in another
 * tab, notices it, and lets the outbox go out.
 */
import { whoIsSignedIn } from '../../workgroup/static/person.js'
import { isFinal } from './endings.js'
import { SignInWatch } from './sign-in.js'

/**
 * @import { Notices } from './notices.js'
 * @import { Provider } from './provider.js'
 * @import { Translate } from './translations.js'
 */

const TRIES = 3 // failed attempts after which the sign-in is checked

export class Session {
  /** @param {{person: string, provider: () => Provider|null, notices: Notices, translate: Translate, signIn: string, signedIn: string}} options */
  constructor ({ person, provider, notices, translate, signIn, signedIn }) {
    this.person = person
    this.provider = provider
    this.notices = notices
    this.translate = translate
    this.signIn = signIn
    this.signedIn = signedIn
    this.watch = new SignInWatch({
      ask: () => this.whoIsSignedIn(),
      found: (who) => this.found(who),
      isUseful: () => !document.hidden && navigator.onLine
    })
    for (const kind of ['focus', 'online']) addEventListener(kind, () => this.hurry())
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.hurry() })
  }

  /**
   * Follows the connection: checks the sign-in where that may be the reason for a loss.
   * @param {Provider} provider
   */
  follow ({ state, connection }) {
    if (state === 'ended') {
      this.notices.show('session', {
        kind: 'bad', text: this.translate('session.ended'), link: { text: this.translate('session.sign_in'), href: this.signIn }
      })
    } else if (state === 'live') this.notices.hide('session')
    if (state === 'live' || isFinal(state)) this.watch.rest()
    else if (state === 'ended' || (state === 'offline' && connection.tries >= TRIES)) this.watch.watch()
  }

  hurry () {
    const provider = this.provider()
    if (provider?.state !== 'ended') provider?.check()
    this.watch.wake()
  }

  /** @param {string|null} who */
  found (who) {
    const provider = this.provider()
    if (who === this.person) provider?.check()
    else if (who) this.notices.show('session', { kind: 'bad', text: this.translate('session.other') })
    else if (who === '' && provider?.state === 'offline') provider.set('ended')
  }

  /**
   * Returns the person of this browser as the server sees it now; '' for nobody, null without an answer.
   * @returns {Promise<string|null>}
   */
  whoIsSignedIn () { return whoIsSignedIn(this.signedIn, this.person) }
}
