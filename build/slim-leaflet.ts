import type { Plugin } from 'vite';

/**
 * Leaflet without what this app draws itself: popups, tooltips, vector layers, GeoJSON, controls. It is one module whose
 * classes are made by calls, which a bundler must keep; told that these calls do nothing else, it drops what nobody
 * names. Statements that give the map a part we do without go first.
 */
const LEAFLET = /leaflet-src\.esm\.js$/;
const LEAFLET_UNUSED =
  /Popup|Tooltip|getRenderer|GeoJSON|vmlMixin|BoxZoom|boxZoom|TapHold|tapHold|zoomControl|attributionControl|Marker\b/;

/** Drops from the bundle what this app leaves of Leaflet. */
export function slimLeaflet(): Plugin {
  return {
    name: 'capitelle-slim-leaflet',
    apply: 'build',
    transform(code, id) {
      if (!LEAFLET.test(id)) return null;
      let slim = code;
      for (const statement of [...this.parse(code).body].reverse()) {
        const isCall = statement.type === 'ExpressionStatement' || statement.type === 'IfStatement';
        const text = code.slice(statement.start, statement.end).replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
        if (isCall && LEAFLET_UNUSED.test(text)) {
          slim = slim.slice(0, statement.start) + slim.slice(statement.end);
        }
      }
      return { code: slim.replace(/= (\w+\.extend\()/g, '= /*#__PURE__*/ $1'), map: null };
    },
  };
}
