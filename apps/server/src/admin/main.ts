const NEEDED = 24
if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `Parley needs Node ${NEEDED} or later, and this is ${process.versions.node}: "npm run admin" uses the right one.\n`,
  )
  process.exit(1)
}

// Leaving takes down an embedded database that was started for the command.
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

// Loaded only now: an older Node would stop at the first import that it does not have.
const { runAdmin } = await import('./program.ts')
process.exitCode = await runAdmin(process.argv.slice(2), {
  env: process.env,
  terminal: { input: process.stdin, say: (text) => void process.stderr.write(text) },
  stdout: process.stdout,
  now: Date.now,
})
