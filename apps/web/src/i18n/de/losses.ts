export const losses = {
  'fault.comparing': 'Der Verlauf auf diesem Gerät wird mit dem des Servers verglichen …',
  'fault.altered':
    'Was hier gesagt wurde, ist auf dem Server verändert worden. Du siehst, was dieses Gerät erhalten hat; die Fassung des Servers und alles Neue kommt, wenn du es so entscheidest.',
  'fault.broken':
    'Eine Nachricht auf dem Server ist nicht die, die gesendet wurde: Sie passt nicht zu ihrem Siegel. Sie und was mit ihr kommt wird erst gezeigt, wenn du es so entscheidest.',
  'fault.unreadable':
    'Hier steht etwas, das diese Version der App nicht lesen kann. Lade die App neu; bleibt es dabei, übernimm die Kopie des Servers noch einmal.',
  'fault.take-servers': 'Mit der Fassung des Servers weitermachen',
  'fault.take-again': 'Kopie des Servers erneut übernehmen',
  'fault.save-both': 'Beide Fassungen speichern',
  'fault.unavailable': 'Die Fassung des Servers ist gerade nicht zu bekommen.',

  'loss.missing': {
    one: 'Der Server ist auf einen früheren Stand zurückgegangen. {count} Nachricht fehlt dort und ist nur auf diesem Gerät.',
    other:
      'Der Server ist auf einen früheren Stand zurückgegangen. {count} Nachrichten fehlen dort und sind nur auf diesem Gerät.',
  },
  'loss.missing.mine': { one: '{count} ist von dir.', other: '{count} sind von dir.' },
  'loss.changes':
    'Der Server ist auf einen früheren Stand zurückgegangen und hat Reaktionen oder Änderungen verloren, die hier gemacht wurden.',
  'loss.altered': {
    one: '{count} Nachricht wurde auf dem Server verändert. Dieses Gerät behält sie, wie sie war.',
    other: '{count} Nachrichten wurden auf dem Server verändert. Dieses Gerät behält sie, wie sie waren.',
  },
  'loss.conversation':
    'Der Server ist auf eine Zeit vor dieser Unterhaltung zurückgegangen und kennt sie nicht mehr. Was dieses Gerät davon hat, bleibt lesbar.',
  'loss.send-mine': 'Meine erneut senden',
  'loss.show': 'Anzeigen',
  'loss.dismiss': 'Ausblenden',
  'loss.title': 'Nur auf diesem Gerät',
  'loss.lead':
    'Der Server hat diese nicht mehr. Alle können erneut senden, was sie selbst geschrieben haben; was zurückgekehrt ist, verschwindet aus dieser Liste.',
  'loss.altered.title': 'Wie sie vorher waren',
  'loss.save': 'Als Datei speichern',
} as const
