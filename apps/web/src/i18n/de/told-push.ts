export const toldPush = {
  'told.push.mention': '{actor} hat dich in {title} erwähnt',
  'told.push.reply': '{actor} hat dir in {title} geantwortet',
  'told.push.added': '{actor} hat dich zu {title} hinzugefügt',
  'told.push.request': '{actor} möchte mit dir befreundet sein',
  'told.push.accepted': '{actor} ist jetzt mit dir befreundet',
  'told.push.said': '{actor}: {text}',
  'told.push.files': { one: '{count} Datei', other: '{count} Dateien' },
  'told.push.more': { one: '{text}\nund {count} weitere', other: '{text}\nund {count} weitere' },
  'told.push.untitled': 'einer Gruppe',
  'told.push.hidden': { one: '{count} neue Nachricht', other: '{count} neue Nachrichten' },
  'told.push.hidden.other': 'Etwas Neues',
} as const
