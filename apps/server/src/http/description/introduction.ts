import { CODES, DEFAULT_LIMITS } from '@parley/protocol'

const codes = Object.entries(CODES)
  .map(([code, { status, retryHelps }]) => `| \`${code}\` | ${status} | ${retryHelps ? 'yes' : 'no'} |`)
  .join('\n')

/** What holds for every route; in front of the description, as Markdown. */
export const INTRODUCTION = `
Everything that the app does with people, conversations and reading can be done here. JSON goes in and comes out;
times are whole milliseconds since 1970, ids are lower-case UUIDs. In the answers there may be more fields one day.

### Who is asking

A person logs in with \`POST /api/sessions\` and keeps the cookie. Requests with a cookie that change something
also need the header \`Origin\`, which browsers send by themselves. A program gets a token once, by
\`POST /api/tokens\`, and sends \`Authorization: Bearer …\`; it needs no \`Origin\`.

### Errors

A refusal is \`{ "error": { "code", "message", "details"? } }\`. Programs decide by the code, never by the message.
What is there but not for you is answered like what is not there.

| code | status | may help to try again |
|---|---|---|
${codes}

After 429 and 503 the header \`Retry-After\` says when, in seconds.

### Sending twice

A request that got no answer may have been carried out. Where a route takes the header \`Idempotency-Key\`, a UUID of
version 4 or 7 that you make, the same request under the same key happens once, and is answered as the first time.
\`PUT\`, \`PATCH\` and \`DELETE\` may be repeated as they are: what is so already changes nothing.

### Lists

A list is an object with the plural's name, and \`next\` where there is more: pass that back as \`cursor\`, with the
same other parameters, until it is missing. What happens in the meantime repeats nothing and leaves nothing out
that was there at the beginning.

### How much

Unless this server says otherwise, a user may make ${DEFAULT_LIMITS.requestsPerSecond} requests a second and ${DEFAULT_LIMITS.requestsBurst} at once, of which
${DEFAULT_LIMITS.commandsPerSecond} a second and ${DEFAULT_LIMITS.commandsBurst} at once may change something in conversations and among friends. An address has
limits too, for requests, new accounts and wrong passwords. What is refused for that is \`rate_limited\`: its message
names the limit, and \`Retry-After\` says when to go on.

### Live

This interface answers questions. To hear what is said as it is said, a program opens the WebSocket \`/sync\`, with ten
lines of code that come with Parley's sources: \`docs/program.md\`. A walk through this interface with curl is in
\`docs/api.md\`.
`.trim()
