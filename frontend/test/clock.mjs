/** A clock that a test turns by hand, so that a minute takes no time. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

export class FakeClock {
  at = 1000
  timers = []

  now = () => this.at

  later = (act, ms) => {
    const timer = { act, due: this.at + ms }
    this.timers.push(timer)
    return timer
  }

  cancel = (timer) => { this.timers = this.timers.filter((one) => one !== timer) }

  /** Goes forward, running what is due in its order. */
  pass (ms) {
    const end = this.at + ms
    for (;;) {
      const next = this.timers.filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0]
      if (!next) break
      this.cancel(next)
      this.at = Math.max(this.at, next.due)
      next.act()
    }
    this.at = end
  }

  /** Goes forward in small steps, and lets promises and the database work in between. */
  async settle (ms = 200, step = 10) {
    for (let passed = 0; passed < ms; passed += step) {
      this.pass(step)
      for (let turns = 0; turns < 4; turns++) await turn()
    }
    for (let turns = 0; turns < 20; turns++) await turn()
  }
}
