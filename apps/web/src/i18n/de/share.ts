export const share = {
  'share.title': 'Teilen mit',
  'share.what': 'Was du teilst',
  'share.where': 'Wohin es geht',
  'share.lead': 'Es kommt dorthin, wo du schreibst; gesendet wird nichts, bevor du es sendest.',
  'share.filter': 'Unterhaltungen zum Teilen filtern',
  'share.none': 'Es gibt noch keine Unterhaltung, in der du schreiben kannst.',
  'share.nothing': 'Es gibt nichts zu teilen. Wähle Parley, wo eine andere App dich etwas teilen lässt.',
  'share.failed': 'Auf diesem Gerät war kein Platz für das, was du teilen wolltest.',
  'share.discard': 'Nicht teilen',
} as const
