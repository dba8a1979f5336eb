const NEEDED = 24
if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `Parley needs Node ${NEEDED} or later, and this is ${process.versions.node}. ` +
      '"npm ci" brings the right one along, and "npm start" uses it.\n',
  )
  process.exit(1)
}

// Loaded only now: an older Node would stop at the first import that it does not have.
const { run } = await import('./run.ts')
await run(process.env)
