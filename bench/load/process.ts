import { type ChildProcess, fork } from 'node:child_process'
import type { Answer } from './main.ts'
import type { LoadMethods } from './plan.ts'

/** The benchmark's end of a load process. */
export class LoadProcess {
  readonly #child: ChildProcess
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>()
  #lastId = 0

  constructor() {
    this.#child = fork(new URL('./main.ts', import.meta.url), { serialization: 'advanced', stdio: 'inherit' })
    this.#child.on('message', (answer: Answer) => {
      const pending = this.#pending.get(answer.id)
      this.#pending.delete(answer.id)
      if ('error' in answer) pending?.reject(new Error(`in a load process: ${answer.error}`))
      else pending?.resolve(answer.value)
    })
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#pending.values()) reject(new Error(`a load process ended with ${code}`))
      this.#pending.clear()
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  ask<Method extends keyof LoadMethods>(
    method: Method,
    ...args: Parameters<LoadMethods[Method]>
  ): ReturnType<LoadMethods[Method]> {
    this.#lastId += 1
    const pending = Promise.withResolvers<unknown>()
    this.#pending.set(this.#lastId, pending)
    this.#child.send({ id: this.#lastId, method, args })
    return pending.promise as ReturnType<LoadMethods[Method]>
  }

  async end(): Promise<void> {
    const exited = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.disconnect()
    await exited
  }
}
