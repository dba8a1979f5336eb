import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/**
 * What every answer tells the browser: run our own files only, talk to this server only ('self'
 * covers its WebSockets), and be in nobody's frame.
 */
export const securityHeaders = (isHttps: boolean): MiddlewareHandler =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      // A picture that was chosen and not sent yet is a blob; small icons in styles are data.
      imgSrc: ["'self'", 'data:', 'blob:'],
      mediaSrc: ["'self'", 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    // Said over plain HTTP it means nothing; said for a name that also serves something else it would break that.
    strictTransportSecurity: isHttps ? 'max-age=15552000' : false,
    // What people uploaded is allowed even less (attachments.ts).
    overwrite: false,
  })
