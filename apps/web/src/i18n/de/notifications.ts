export const notifications = {
  'notifications.title': 'Benachrichtigungen',
  'notifications.all': 'Alle als gesehen markieren',
  'notifications.one': 'Als gesehen markieren',
  'notifications.none.title': 'Nichts Neues',
  'notifications.none.body':
    'Erwähnungen, Antworten und Anfragen, die kommen, während du weg bist, warten hier auf dich.',
  'notifications.loading': 'Neues wird gesucht',
  'notifications.offline': 'Du bist offline. Auf dem Server kann mehr warten.',
  'notifications.keys': 'Pfeiltasten bewegen, Eingabe öffnet, S markiert als gesehen',

  'notifications.mention': '{actor} hat dich in {where} erwähnt',
  'notifications.reply': '{actor} hat dir in {where} geantwortet',
  'notifications.reply.direct': '{actor} hat dir geantwortet',
  'notifications.direct': '{actor} hat dir geschrieben',
  'notifications.added': '{actor} hat dich zu {where} hinzugefügt',
  'notifications.friend_request': '{actor} möchte mit dir befreundet sein',
  'notifications.request_accepted': '{actor} hat deine Freundschaftsanfrage angenommen',
} as const
