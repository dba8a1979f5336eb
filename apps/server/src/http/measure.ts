import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { Histogram, type Registry } from 'prom-client'

/** Times every request by its route: the pattern, not the path, or each conversation would be a series of its own. */
export function measured(registry: Registry): MiddlewareHandler {
  const durations = new Histogram({
    name: 'parley_http_request_seconds',
    help: 'Time until an answer was ready',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  return async (c, next) => {
    const stop = durations.startTimer()
    await next()
    const pattern = routePath(c, -1)
    const route = pattern.endsWith('*') ? 'none' : pattern
    stop({ method: c.req.method, route, status: c.res.status })
  }
}
