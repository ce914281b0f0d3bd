import { type Html, html } from '../_shared/html.ts';
import type { PageLanguage } from './words.ts';

interface Frame {
  readonly title: string;
  readonly language: PageLanguage;
  readonly body: Html;
}

/** A page that is read without JavaScript: its style is the file `/reading.css` of the application. */
export function frame({ title, language, body }: Frame): string {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Capitelle</title>
        <link rel="icon" href="/icons/mark.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/reading.css" />
      </head>
      <body>
        <header><a href="/">Capitelle</a></header>
        <main>${body}</main>
      </body>
    </html> `.text;
}
