import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../test/kit/database.ts'
import { createLogger } from '../logger.ts'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'

const logger = createLogger('silent')
let created: TestDatabase
let database: Database
let directory: string

beforeEach(async () => {
  created = await createTestDatabase()
  database = openDatabase({ url: created.url, logger })
  directory = await mkdtemp(join(tmpdir(), 'migrations-'))
  await write('0001-first.sql', 'CREATE TABLE first (id int); CREATE TABLE seen (by int);')
})

afterEach(async () => {
  await database.close()
  await created.drop()
  await rm(directory, { recursive: true })
})

const write = (name: string, sql: string) => writeFile(join(directory, name), sql)
const run = (on = database) => migrate(on.pool, logger, pathToFileURL(`${directory}/`))

async function tables(): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
  )
  return rows.map(({ name }) => name)
}

test('new files run once, in their order', async () => {
  await run()
  await write('0002-second.sql', 'INSERT INTO seen VALUES (2); ALTER TABLE first ADD COLUMN text text;')
  await run()
  await run()
  expect((await database.pool.query('SELECT by FROM seen')).rows).toEqual([{ by: 2 }])
})

test('a file that fails leaves the database as it was, and is named', async () => {
  await write('0002-second.sql', 'CREATE TABLE second (id int); SELECT nonsense;')
  await expect(run()).rejects.toThrow('0002-second.sql failed: column "nonsense" does not exist')
  expect(await tables()).toEqual([])
})

test('nodes that start together migrate once', async () => {
  const others = [1, 2, 3].map(() => openDatabase({ url: created.url, logger }))
  await write('0002-second.sql', 'INSERT INTO seen VALUES (2)')
  await Promise.all([run(), ...others.map((other) => run(other))])
  expect((await database.pool.query('SELECT by FROM seen')).rows).toEqual([{ by: 2 }])
  await Promise.all(others.map((other) => other.close()))
})

test('an applied file that has changed is refused by its name', async () => {
  await run()
  await write('0001-first.sql', 'CREATE TABLE first (id bigint); CREATE TABLE seen (by int);')
  await expect(run()).rejects.toThrow('0001-first.sql has changed since it was applied')
})

test('a database that a newer version has migrated is refused', async () => {
  await write('0002-second.sql', 'SELECT 1')
  await run()
  await rm(join(directory, '0002-second.sql'))
  await expect(run()).rejects.toThrow('0002-second.sql, which this version does not know')
})

test('a gap in the numbers is refused before anything runs', async () => {
  await write('0003-third.sql', 'SELECT 1')
  await expect(run()).rejects.toThrow('0003-third.sql stands at place 2')
  expect(await tables()).toEqual([])
})
