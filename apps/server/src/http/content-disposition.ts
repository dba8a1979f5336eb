/**
 * How a file is to be shown or saved (RFC 6266). The name in full is in `filename*`; `filename` is
 * for whoever cannot read that, without anything that would have to be escaped.
 */
export function contentDisposition(type: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^ !#$&+.0-9A-Z[\]^_`a-z{}~-]/g, '_')
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${type}; filename="${plain}"; filename*=UTF-8''${encoded}`
}
