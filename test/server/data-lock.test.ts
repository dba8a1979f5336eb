import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDataDirectory } from '../../apps/server/src/db/data-lock.ts'
import { type Child, startChild } from '../kit/child.ts'

const PROGRAM = fileURLToPath(new URL('./data-lock-program.ts', import.meta.url))

let directory: string
const children: Child[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-lock-'))
})
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.end('SIGKILL')))
  await rm(directory, { recursive: true })
})

async function holder(): Promise<Child> {
  const child = startChild(PROGRAM, [directory])
  children.push(child)
  await child.line('LOCKED')
  return child
}

test('a data directory has one server; the next is told which process it is and what to do', async () => {
  const first = await holder()
  expect(() => lockDataDirectory(directory)).toThrow(
    `Another Parley server (process ${first.process.pid}) is running on the data in ${directory}. Stop it first`,
  )
})

test('[N1] a server that was killed leaves no lock behind', async () => {
  await (await holder()).end('SIGKILL')
  lockDataDirectory(directory).release()
})

test('a lock that is released can be taken again, also by the same process', async () => {
  const lock = lockDataDirectory(directory)
  expect(() => lockDataDirectory(directory)).toThrow('Another Parley server')
  lock.release()
  await holder()
})
