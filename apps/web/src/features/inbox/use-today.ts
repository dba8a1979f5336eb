import type { Millis, Preferences } from '@parley/protocol'
import { useMoment } from '../../moment.ts'
import { nextUnmuted } from '../told/badge.ts'

/** A moment that is as good as now for what a list shows: it moves on with the day, and when muting ends. */
export const useToday = (preferences: Preferences): Millis =>
  useMoment((moment) =>
    Math.min(new Date(moment).setHours(24, 0, 0, 0), nextUnmuted(preferences, moment) ?? Infinity),
  )
