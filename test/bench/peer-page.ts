import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const modules = join(import.meta.dirname, '../../node_modules');

const FILES: Record<string, [file: string, type: string]> = {
  '/leaflet.js': ['leaflet/dist/leaflet.js', 'text/javascript'],
  '/leaflet.css': ['leaflet/dist/leaflet.css', 'text/css'],
  '/images/marker-icon.png': ['leaflet/dist/images/marker-icon.png', 'image/png'],
  '/images/marker-icon-2x.png': ['leaflet/dist/images/marker-icon-2x.png', 'image/png'],
  '/images/marker-shadow.png': ['leaflet/dist/images/marker-shadow.png', 'image/png'],
  '/cluster.js': ['leaflet.markercluster/dist/leaflet.markercluster.js', 'text/javascript'],
  '/cluster.css': ['leaflet.markercluster/dist/MarkerCluster.css', 'text/css'],
  '/cluster-look.css': ['leaflet.markercluster/dist/MarkerCluster.Default.css', 'text/css'],
};

const PAGE = (basemap: string, lon: number, lat: number, zoom: number) => `<!doctype html>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/leaflet.css"><link rel="stylesheet" href="/cluster.css">
<link rel="stylesheet" href="/cluster-look.css">
<style>html, body, #map { height: 100%; margin: 0 }</style>
<div id="map"></div>
<script src="/leaflet.js"></script><script src="/cluster.js"></script>
<script>
  const map = L.map('map', { maxZoom: 19 }).setView([${lat}, ${lon}], ${zoom});
  L.tileLayer('${basemap}').addTo(map);
  fetch('/points.json').then((answer) => answer.json()).then((points) => {
    const group = L.markerClusterGroup();
    group.addLayers(points.map(([lon, lat]) => L.marker([lat, lon])));
    map.addLayer(group);
    document.body.dataset.ready = 'yes';
  });
</script>`;

/** Serves a bare page with Leaflet and leaflet.markercluster over the same points, and the same base map. */
export async function servePeer(
  points: readonly (readonly [lon: number, lat: number])[],
  basemap: string,
  camera: { lon: number; lat: number; zoom: number },
): Promise<{ url: string; close(): Promise<void> }> {
  const page = PAGE(basemap, camera.lon, camera.lat, camera.zoom);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const [file, type] = FILES[path] ?? [];
    if (file !== undefined) {
      void readFile(join(modules, file)).then((body) =>
        response.writeHead(200, { 'content-type': type }).end(body),
      );
    } else if (path === '/points.json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(points));
    } else if (path === '/') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
