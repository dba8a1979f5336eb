import type { Catalogue } from '../translate.ts'
import { channels } from './channels.ts'
import { common } from './common.ts'
import { compose } from './compose.ts'
import { conversation } from './conversation.ts'
import { details } from './details.ts'
import { emoji } from './emoji.ts'
import { files } from './files.ts'
import { friends } from './friends.ts'
import { group } from './group.ts'
import { inbox } from './inbox.ts'
import { keys } from './keys.ts'
import { losses } from './losses.ts'
import { notifications } from './notifications.ts'
import { person } from './person.ts'
import { pictures } from './pictures.ts'
import { search } from './search.ts'
import { session } from './session.ts'
import { settings } from './settings.ts'
import { share } from './share.ts'
import { status } from './status.ts'
import { told } from './told.ts'

/** German, to somebody one is on first-name terms with. */
export const de: Catalogue = {
  ...common,
  ...session,
  ...inbox,
  ...search,
  ...group,
  ...channels,
  ...conversation,
  ...compose,
  ...details,
  ...losses,
  ...status,
  ...settings,
  ...pictures,
  ...friends,
  ...person,
  ...notifications,
  ...keys,
  ...emoji,
  ...share,
  ...told,
  ...files,
}
