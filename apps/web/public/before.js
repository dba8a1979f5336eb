// Runs before everything else. A file of its own because the content security policy allows no inline script.

// A person who chose light or dark never sees the other one flash.
try {
  const theme = localStorage.getItem('parley.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  const density = localStorage.getItem('parley.density')
  if (density === 'compact') document.documentElement.dataset.density = density
} catch {
  // Storage is forbidden in some private modes: the system's choice stands.
}

// Zod compiles its schemas with eval where it can. The policy forbids that, and each try would be reported.
globalThis.__zod_globalConfig = { jitless: true }
