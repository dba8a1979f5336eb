import { unreachable } from '@parley/protocol'
import type { PlainKey } from '../../i18n/translate.ts'
import type { ToldDevice } from '../../platform/told-device.ts'

/** What is so on this device, and what can be done where it is not as it could be. */
export function deviceWords(device: ToldDevice): PlainKey {
  switch (device.state) {
    case 'unsupported':
    case 'install-first':
    case 'denied':
    case 'off':
    case 'working':
      return `told.device.${device.state}`
    case 'on':
      if (device.push === 'on') return 'told.device.on'
      return device.push === 'slow' ? 'told.device.slow' : 'told.device.only-open'
    default:
      return unreachable(device)
  }
}
