// Before the first paint: the light the person chose (kept by src/state/preferences), so that nothing flashes.
(function () {
  var kept;
  try {
    kept = JSON.parse(localStorage.getItem('capitelle.preferences') || '{}').appearance;
  } catch {
    kept = undefined;
  }
  var isNight = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme =
    kept === 'light' || kept === 'dark' || kept === 'outdoors' ? kept : isNight ? 'dark' : 'light';
})();
