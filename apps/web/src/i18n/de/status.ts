export const status = {
  'status.loss': {
    one: 'Der Server ist auf einen früheren Stand zurückgegangen: {count} Nachricht ist nur auf diesem Gerät.',
    other:
      'Der Server ist auf einen früheren Stand zurückgegangen: {count} Nachrichten sind nur auf diesem Gerät.',
  },
  'status.loss.send': 'Alle meine erneut senden',
  'status.loss.dismiss': 'Ausblenden',

  'refusal.invalid': 'Der Server konnte das so nicht annehmen.',
  'refusal.forbidden': 'Das darfst du hier nicht.',
  'refusal.not_found': 'Worauf sich das bezieht, gibt es nicht mehr.',
  'refusal.archived': 'Diese Unterhaltung ist archiviert.',
  'refusal.not_friends': 'Ihr seid nicht mehr befreundet.',
  'refusal.too_large': 'Das ist zu lang.',
  'refusal.files': 'Dateien wie diese nimmt der Server nicht an.',
  'refusal.conflict': 'Das verträgt sich nicht mit etwas, das inzwischen geschehen ist.',

  'status.offline.waiting': {
    one: 'Du bist offline. Was du schreibst, wird später gesendet: {count} wartet.',
    other: 'Du bist offline. Was du schreibst, wird später gesendet: {count} warten.',
  },
  'status.offline.none': 'Du bist offline. Was du schreibst, wird später gesendet.',
  'status.connecting': 'Verbindung wird aufgebaut …',
  'status.connecting.waiting': {
    one: 'Verbindung wird aufgebaut … {count} wartet.',
    other: 'Verbindung wird aufgebaut … {count} warten.',
  },
  'status.down': 'Der Server ist nicht erreichbar. Neuer Versuch {when}.',
  'status.down.waiting': {
    one: 'Der Server ist nicht erreichbar. Neuer Versuch {when}. {count} wartet.',
    other: 'Der Server ist nicht erreichbar. Neuer Versuch {when}. {count} warten.',
  },
  'status.down.now': 'Jetzt versuchen',
  'status.away': 'Nicht verbunden. Was du schreibst, wird später gesendet.',
  'status.back': 'Du bist wieder verbunden.',
  'status.storage.none':
    'Dieser Browser behält nichts für Parley, wie in einem privaten Fenster. Was noch nicht gesendet ist, geht beim Schließen verloren.',
  'status.storage.no-room':
    'Auf diesem Gerät ist kein Platz mehr, deshalb wird hier nichts behalten. Was noch nicht gesendet ist, geht verloren, wenn du dieses Fenster schließt.',
  'status.storage.unreadable':
    'Was Parley auf diesem Gerät behalten hatte, lässt sich nicht öffnen, und nichts kommt hinzu. Was noch nicht gesendet ist, geht verloren, wenn du dieses Fenster schließt.',
  'status.storage.history-full':
    'Auf diesem Gerät ist kein Platz für weitere Nachrichten. Sie bleiben auf dem Server, und du kannst weiterlesen.',
  'status.storage.history-failed':
    'Neue Nachrichten können auf diesem Gerät gerade nicht behalten werden. Sie bleiben auf dem Server, und es wird wieder versucht.',
  'status.storage.short':
    'Auf diesem Gerät sind für Parley nur noch {left} frei; sie bleiben für das, was du schreibst. Ältere Nachrichten bleiben auf dem Server.',
  'status.storage.make-room': 'Platz schaffen',
  'status.storage.reload': 'Neu laden',
  'status.storage.anew': 'Neu beginnen',

  'storage.anew.title': 'Neu beginnen mit dem, was der Server hat?',
  'storage.anew.body':
    'Alles, was Parley auf diesem Gerät behalten hat, wird von ihm gelöscht. Deine Unterhaltungen kommen vom Server zurück.',
  'storage.anew.unsent': {
    one: '{count} Sache, die du hier getan hast, war noch nicht gesendet. Sie geht verloren.',
    other: '{count} Dinge, die du hier getan hast, waren noch nicht gesendet. Sie gehen verloren.',
  },
  'storage.anew.unknown': 'Was du hier getan hast und noch nicht gesendet war, geht verloren.',
  'storage.anew.confirm': 'Löschen und neu beginnen',
  'storage.anew.failed':
    'Der Browser kann es nicht einmal löschen. Schließe alle seine Fenster und versuche es erneut.',
  'storage.room.title': 'Ältere Nachrichten von diesem Gerät entfernen?',
  'storage.room.body':
    'Die ältere Hälfte geht, aus deinen größten Unterhaltungen zuerst. Sie bleibt auf dem Server und kommt zurück, wenn du zu ihr blätterst. Nichts, was auf das Senden wartet, wird entfernt.',
  'storage.room.count': {
    one: '{count} von {total} Nachrichten wird von diesem Gerät entfernt.',
    other: '{count} von {total} Nachrichten werden von diesem Gerät entfernt.',
  },
  'storage.room.nothing': 'Auf diesem Gerät ist nicht genug Verlauf, um Platz zu schaffen.',
  'storage.room.confirm': 'Entfernen',
  'storage.room.failed': 'Das Gerät hat sie nicht hergegeben. Bitte versuche es noch einmal.',
  'storage.removed':
    'Dein Browser hat entfernt, was Parley auf diesem Gerät behalten hatte. Es kommt vom Server wieder.',
  'storage.removed.sign-in':
    'Dein Browser hat entfernt, was Parley auf diesem Gerät behalten hatte. Melde dich an, und es kommt vom Server wieder.',
  'storage.removed.unsent': {
    one: 'Dein Browser hat entfernt, was Parley auf diesem Gerät behalten hatte, und damit {count} Sache, die noch nicht gesendet war. Der Rest kommt vom Server wieder.',
    other:
      'Dein Browser hat entfernt, was Parley auf diesem Gerät behalten hatte, und damit {count} Dinge, die noch nicht gesendet waren. Der Rest kommt vom Server wieder.',
  },
  'storage.aside':
    'Ein Teil dessen, was du auf diesem Gerät geschrieben hattest, war nicht lesbar. Er wurde beiseitegelegt; was der Server davon hat, kommt zurück.',
  'storage.understood': 'Verstanden',
  'storage.blocked.title': 'Ein älteres Parley ist offen',
  'storage.blocked.body':
    'Ein anderes Fenster hat eine ältere Version von Parley offen. Schließe es oder lade es neu: Dieses macht von selbst weiter.',
  'storage.outdated.title': 'Es gibt ein neueres Parley',
  'storage.outdated.body':
    'Auf diesem Gerät wurde eine neuere Version von Parley benutzt. Dieses Fenster muss neu geladen werden, bevor es weitergeht.',
  'storage.slow.title': 'Das dauert lange',
  'storage.slow.body': 'Der Speicher dieses Geräts antwortet nicht. Neu laden hilft oft.',

  'status.storage.full':
    'Auf diesem Gerät ist kein Platz mehr für Parley, oder ein privates Fenster gibt keinen. Was du schreibst, kann verloren gehen, wenn du die App schließt.',
  'status.storage.blocked':
    'Ein anderes Fenster hält eine ältere Version von Parley offen. Schließe es, damit dieses speichern kann.',
  'status.storage.outdated':
    'Eine neuere Version von Parley ist in einem anderen Fenster offen. Dieses kann nicht mehr speichern: Lade es neu, um weiterzumachen.',
  'status.storage.damaged':
    'Etwas, das dieses Gerät behalten hatte, ist beschädigt. Es wird noch einmal vom Server geholt.',
  'status.storage.broken':
    'Der Speicher dieses Geräts antwortet nicht. Was du schreibst, kann verloren gehen, wenn du die App schließt.',
  'status.refused': {
    one: '{count} Sache, die du getan hast, wurde nicht angenommen.',
    other: '{count} Dinge, die du getan hast, wurden nicht angenommen.',
  },
  'status.refused.show': 'Anzeigen',
  'status.refused.title': 'Nicht angenommen',
  'status.refused.lead': 'Der Server hat Nein gesagt. Nichts davon verschwindet von selbst.',
  'status.refused.go': 'Zur Nachricht',
  'status.refused.none': 'Hier wartet nichts auf dich.',
  'status.update': 'Eine neue Version ist bereit.',
  'status.update.reload': 'Neu laden',
  'status.history': 'Dein Verlauf wird geladen',
  'status.history.progress': '{have} von {total} Nachrichten, {size}',
  'status.history.conversations': '{complete} von {total} Unterhaltungen vollständig',

  'refused.message.send': 'Nachricht in {where}',
  'refused.reaction.set': 'Reaktion in {where}',
  'refused.conversation.create': 'Neue Gruppe „{title}“',
  'refused.conversation.update': 'Änderung an {where}',
  'refused.conversation.delete': 'Löschen von {where}',
  'refused.member.add': 'Einladung in {where}',
  'refused.member.remove': 'Entfernen aus {where}',
  'refused.member.role': 'Änderung einer Rolle in {where}',
  'refused.other': 'Etwas, das ein anderes Programm geschrieben hat',
} as const
