// Before the first paint: the light the person chose (same key as src/ui/appearance.ts), so that nothing flashes.
(function () {
  var kept = null;
  try {
    kept = localStorage.getItem('capitelle.appearance');
  } catch {
    kept = null;
  }
  var isNight = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = kept || (isNight ? 'dark' : 'light');
})();
