import { createRandom, day, green, height, landscape, leaves, limestone, schist, shadedStone, stones, tiles, width } from './kit.ts';

const lavoir = () => `${landscape(420, day)}
  <defs><clipPath id="roof"><path d="M60 250 L150 120 H1050 L1140 250Z"/></clipPath></defs>
  ${stones({ x: 130, y: 240, w: 940, h: 330 }, 46, shadedStone, 3)}
  <path d="M520 570 V440 a80 80 0 0 1 160 0 V570Z" fill="#2f2a22"/>
  <path d="M590 500 v70" stroke="#9fb9bd" stroke-width="10"/>
  ${tiles({ x: 40, y: 110, w: 1120, h: 150 }, 5)}
  <rect x="60" y="248" width="1080" height="22" fill="#5d4630"/>
  ${stones({ x: 120, y: 270, w: 90, h: 300 }, 40, limestone, 8)}${stones({ x: 990, y: 270, w: 90, h: 300 }, 40, limestone, 9)}
  <path d="M120 590 H1080 L1150 780 H50Z" fill="#c9bd9a"/><path d="M165 612 H1035 L1090 752 H110Z" fill="#35606b"/>
  <path d="M165 612 H1035 L1047 642 H153Z" fill="#284d57"/>
  <path d="M260 690 q60 -14 120 0 t120 0 M620 670 q70 -14 140 0 t140 0 M420 728 q60 -12 120 0 t120 0" stroke="#7fa3a6" stroke-width="5" fill="none"/>
  ${stones({ x: 0, y: 780, w: width, h: 120 }, 70, limestone, 12)}${leaves(60, 360, 120, green, 4)}`;

const puits = () => `${landscape(560, day)}${leaves(170, 330, 210, green, 21)}<path d="M160 420 q20 130 -6 260" stroke="#6a5138" stroke-width="30" fill="none"/>
  <defs><clipPath id="dome"><path d="M390 800 V380 Q390 150 600 140 Q810 150 810 380 V800Z"/></clipPath></defs>
  ${stones({ x: 380, y: 130, w: 440, h: 680 }, 48, limestone, 33, 'dome')}
  <path d="M390 380 Q390 150 600 140 Q520 190 500 420 V800 H390Z" fill="#000" fill-opacity=".16"/>
  <path d="M500 620 V420 a100 100 0 0 1 200 0 V620Z" fill="#231f19"/><path d="M505 470 H695" stroke="#7a5a3a" stroke-width="14"/>
  <path d="M600 470 v90" stroke="#b9a37c" stroke-width="6"/><path d="M572 555 h56 l-8 50 h-40Z" fill="#5c6066"/>
  <rect x="470" y="616" width="260" height="34" fill="#e2d7ba"/><rect x="370" y="780" width="460" height="40" fill="#b7a67d"/>
  ${leaves(330, 810, 70, green, 41)}${leaves(880, 820, 80, green, 42)}`;

function vines(): string {
  const random = createRandom(77);
  const row = (y: number, size: number) =>
    Array.from({ length: 26 }, (_, i) => `<circle cx="${(i * 52 + random() * 16).toFixed(0)}" cy="${y}" r="${size}" fill="${green[Math.floor(random() * green.length)]}"/>`).join('');
  return [600, 640, 692, 760].map((y, i) => row(y, 14 + i * 6)).join('');
}

const croix = () => `${landscape(560, { ...day, sky: ['#6f8fb8', '#efe0c8'] })}<rect y="570" width="${width}" height="330" fill="#8d8a58"/>${vines()}
  ${stones({ x: 420, y: 700, w: 360, h: 200 }, 52, limestone, 51)}<rect x="400" y="676" width="400" height="36" fill="#e3d9be"/>
  ${stones({ x: 480, y: 580, w: 240, h: 98 }, 50, limestone, 53)}<rect x="462" y="562" width="276" height="26" fill="#d8ccab"/>
  <path d="M566 562 L574 90 H634 L642 562Z" fill="#d9caa2"/><path d="M604 90 H634 L642 562 H604Z" fill="#b29f74"/>
  <path d="M426 220 H782 V286 H426Z" fill="#d9caa2"/><path d="M426 262 H782 V286 H426Z" fill="#b29f74"/>
  <circle cx="604" cy="253" r="30" fill="none" stroke="#9c8a62" stroke-width="8"/>${leaves(380, 860, 70, green, 55)}${leaves(840, 870, 80, green, 56)}`;

const capitelle = () => `${landscape(600, day)}
  <defs><clipPath id="cone"><path d="M200 830 Q230 420 470 230 Q600 140 730 230 Q970 420 1000 830Z"/></clipPath></defs>
  ${stones({ x: 190, y: 140, w: 820, h: 700 }, 34, limestone, 61, 'cone')}
  <path d="M200 830 Q230 420 470 230 Q530 185 600 175 Q400 420 390 830Z" fill="#000" fill-opacity=".17"/>
  <path d="M520 830 V600 H680 V830Z" fill="#1f1c18"/><path d="M492 566 L716 558 L722 604 L488 608Z" fill="#ddd0ae"/>
  <path d="M0 820 Q300 800 600 824 T${width} 816 V${height} H0Z" fill="#c3b287"/>${leaves(190, 830, 90, green, 63)}${leaves(1020, 836, 90, green, 64)}`;

const fontaine = () => `${stones({ x: 0, y: 0, w: width, h: height }, 70, limestone, 71)}
  <path d="M340 640 V330 Q340 120 600 110 Q860 120 860 330 V640Z" fill="#cdbd95"/><path d="M400 640 V350 Q400 180 600 172 Q800 180 800 350 V640Z" fill="#9f8e69"/>
  <path d="M400 640 V350 Q400 180 600 172 Q500 230 480 400 V640Z" fill="#000" fill-opacity=".18"/>
  <circle cx="600" cy="360" r="56" fill="#8b7a57"/><circle cx="600" cy="360" r="34" fill="#6e6044"/>
  <path d="M586 372 h28 v60 h-28Z" fill="#3d4246"/><path d="M592 430 h16 L614 652 h-28Z" fill="#bcd3d6"/>
  <path d="M250 640 H950 L930 830 H270Z" fill="#d8caa5"/><path d="M250 640 H950 V690 H250Z" fill="#e9dfc3"/><path d="M296 652 H904 V680 H296Z" fill="#41707a"/>
  <path d="M540 666 q60 -12 120 0" stroke="#d5e4e4" stroke-width="6" fill="none"/><path d="M620 700 H950 L930 830 H640Z" fill="#000" fill-opacity=".1"/>
  <rect y="830" width="${width}" height="70" fill="#a8966e"/>${leaves(1010, 800, 80, green, 73)}`;

const four = () => `${landscape(520, { ...day, hills: ['#8a9a7c', '#6f8560'] })}
  <defs><clipPath id="roof"><path d="M180 330 L330 170 H900 L1040 330Z"/></clipPath></defs>
  <rect x="820" y="80" width="90" height="130" fill="#8b8578"/>${stones({ x: 820, y: 80, w: 90, h: 130 }, 34, schist, 85)}
  ${stones({ x: 220, y: 320, w: 780, h: 500 }, 50, schist, 81)}${tiles({ x: 170, y: 160, w: 880, h: 180 }, 83)}
  <path d="M420 640 V560 Q420 420 610 416 Q800 420 800 560 V640Z" fill="#b8ac93"/><path d="M460 640 V570 Q460 460 610 456 Q760 460 760 570 V640Z" fill="#1d1916"/>
  <path d="M520 640 q20 -70 50 -40 q10 -60 50 -20 q40 -40 60 60Z" fill="#c96a33"/><path d="M570 640 q14 -40 34 -18 q20 -20 40 18Z" fill="#efb45c"/>
  <rect x="390" y="640" width="440" height="36" fill="#cfc5ad"/><path d="M0 816 Q400 800 ${width} 820 V${height} H0Z" fill="#a99c72"/>${leaves(150, 820, 100, green, 87)}`;

const entree = () => `<rect width="${width}" height="${height}" fill="#e6d9bd"/>${stones({ x: 0, y: 640, w: width, h: 130 }, 60, limestone, 91)}
  <rect x="90" y="230" width="470" height="440" fill="#6d4b33"/><rect x="116" y="256" width="418" height="388" fill="#a9c2c4"/>
  <path d="M116 256 H330 L200 644 H116Z" fill="#c8d8d6"/><rect x="150" y="540" width="350" height="60" fill="#8a6a45"/>
  <g fill="#c98e48"><ellipse cx="200" cy="526" rx="38" ry="24"/><ellipse cx="290" cy="522" rx="44" ry="26"/><ellipse cx="385" cy="524" rx="40" ry="25"/><ellipse cx="460" cy="528" rx="30" ry="20"/></g>
  <rect x="660" y="230" width="340" height="540" fill="#5b3d29"/><rect x="690" y="262" width="280" height="508" fill="#7d573a"/><rect x="716" y="292" width="228" height="260" fill="#9fb8ba"/>
  <path d="M716 292 h120 l-80 260 h-40Z" fill="#c3d3d1"/><circle cx="930" cy="620" r="14" fill="#d8b15a"/><rect x="1030" y="470" width="34" height="54" rx="6" fill="#2c3a5c"/><circle cx="1047" cy="492" r="8" fill="#f2ead6"/>
  <path d="M60 130 H1060 V200 H60Z" fill="#2c3a5c"/>${Array.from({ length: 10 }, (_, i) => `<path d="M${60 + i * 100} 200 h100 l-8 62 q-42 22 -84 0Z" fill="${i % 2 ? '#f2ead6' : '#b5573a'}"/>`).join('')}
  <rect x="640" y="770" width="380" height="46" fill="#cfc2a0"/><rect x="640" y="804" width="380" height="14" fill="#a39571"/><rect y="818" width="${width}" height="82" fill="#8f8a80"/>
  <path d="M740 772 H930 L980 878 H690Z" fill="#9ba3a6"/><path d="M760 790 H912 M748 816 H924 M734 846 H938" stroke="#7c8588" stroke-width="6"/>${leaves(600, 740, 60, green, 95)}`;

const lanterne = () => `<defs><linearGradient id="dusk" x2="0" y2="1"><stop stop-color="#27324f"/><stop offset="1" stop-color="#c98a66"/></linearGradient>
  <radialGradient id="glow"><stop stop-color="#ffe3a1" stop-opacity=".85"/><stop offset="1" stop-color="#ffd27a" stop-opacity="0"/></radialGradient></defs>
  <rect width="${width}" height="${height}" fill="url(#dusk)"/><path d="M0 720 L160 640 V900 H0Z M160 690 L330 600 L500 690 V900 H160Z M500 650 L640 560 L780 650 V900 H500Z" fill="#1d2436"/>
  <path d="M300 740 h34 v44 h-34Z M590 700 h34 v44 h-34Z" fill="#e9b866"/>
  ${stones({ x: 820, y: 0, w: 380, h: height }, 62, ['#6f6552', '#7d715b', '#625947', '#87795f'], 101)}
  <circle cx="560" cy="360" r="330" fill="url(#glow)"/>
  <path d="M830 190 H600 q-40 0 -40 40 v30 M830 330 Q700 320 660 196" stroke="#14161c" stroke-width="18" fill="none"/>
  <path d="M560 236 L660 296 H460Z" fill="#14161c"/><path d="M470 300 H650 L618 470 H502Z" fill="#ffe8b0"/><path d="M470 300 H650 L618 470 H502Z M530 300 L540 470 M590 300 L580 470" stroke="#14161c" stroke-width="10" fill="none"/>
  <rect x="494" y="468" width="132" height="22" fill="#14161c"/><circle cx="560" cy="396" r="26" fill="#fff6da"/>`;

/** Pictures of the demonstration by the name of their file. */
export const scenes: Readonly<Record<string, () => string>> = { lavoir, puits, croix, capitelle, fontaine, four, entree, lanterne };
