import { type ReactNode, useState } from 'react'
import { ChosenFilesContext, createChosenFiles } from './chosen-files.ts'

/** Keeps what was chosen in any conversation for as long as its person is on the screen. */
export function ChosenFilesProvider({ children }: { children: ReactNode }) {
  const [chosen] = useState(createChosenFiles)
  return <ChosenFilesContext value={chosen}>{children}</ChosenFilesContext>
}
