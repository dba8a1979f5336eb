import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { live, type Year } from './account-years/life.ts'
import { realServer } from './account-years/real-server.ts'
import { memoryServer } from './account-years/server.ts'
import { liveWithout } from './account-years/without.ts'
import { Postgres } from './postgres.ts'

/**
 * Years of one person's account document, with and without being begun anew: docs/measurements/account-document.md.
 * `--with` real (the server's own documents on PostgreSQL), memory (its decisions alone) or never; `--years N`, of `--days N`;
 * `--write FILE` appends the table.
 */
const { values } = parseArgs({
  options: {
    with: { type: 'string', default: 'memory' },
    years: { type: 'string', default: '10' },
    days: { type: 'string', default: '365' },
    write: { type: 'string' },
  },
})
const USE = { devices: 3, loadsADay: 2, messagesADay: 50, readsADay: 100, draftsADay: 10 }
const HEAD = `| year | page loads | begun anew | stored KB | writers | connect, up to date KB | connect, fresh KB | dearest connect KB |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`
const kb = (bytes: number): string => (bytes / 1000).toFixed(1)
const lines = [HEAD]
const say = (year: Year): void => {
  const { pageLoads, generations, bytes, writers, upToDate, fresh, dearest } = year
  const cells = [year.year, pageLoads, generations, kb(bytes), writers, kb(upToDate), kb(fresh), kb(dearest)]
  lines.push(`| ${cells.join(' | ')} |`)
  process.stdout.write(`${lines.at(-1)}\n`)
}

const years = Number(values.years)
process.stdout.write(`${HEAD}\n`)
if (values.with === 'never')
  liveWithout(years, USE.devices * USE.loadsADay, USE.messagesADay, USE.readsADay, say)
else {
  const postgres = values.with === 'real' ? await Postgres.start() : undefined
  try {
    const server = postgres === undefined ? memoryServer() : await realServer(await postgres.newDatabase())
    const { given, givenAway } = await live({ ...USE, server, years, days: Number(values.days), onYear: say })
    const isRight = JSON.stringify(server.taken) === JSON.stringify([...given, ...givenAway])
    process.stdout.write(
      `${server.taken.length} commands taken, each once and in order: ${isRight ? 'yes' : 'NO'}\n`,
    )
    if (!isRight) process.exitCode = 1
    await server.close()
  } finally {
    await postgres?.stop()
  }
}
if (values.write !== undefined) await writeFile(values.write, `${lines.join('\n')}\n`, { flag: 'a' })
