// Runs before the first paint, so that a person who chose light or dark never sees the other one flash.
// A file of its own because the content security policy allows no inline script.
try {
  const theme = localStorage.getItem('parley.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is forbidden in some private modes: the system's choice stands.
}
