const ADDRESS = /^\/api\/avatars\/[0-9a-f]{64}$/

/**
 * What of an `avatar` is shown: pictures that this server has made. Anything else that stands there is somebody's
 * text, and to fetch it would tell a stranger who looks at what.
 */
export const pictureAddress = (avatar: string | undefined): string | undefined =>
  avatar !== undefined && ADDRESS.test(avatar) ? avatar : undefined
