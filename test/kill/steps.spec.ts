import { expect, type Locator, type Page, test } from '@playwright/test';

import { chooseTerm, stand } from '../e2e/steps.ts';
import { readDisk } from './disk.ts';
import { grainyJpeg, withExif } from '../support/camera-jpeg.ts';
import { arriveWhole, openGround, seePhoto, settleIn, shoot } from './field.ts';
import { PhoneApp } from './phone-app.ts';
import { killBeforeItsPhotosAreReady } from './raw-photos.ts';

/** One thing that a person does, and what shows, then and after the browser was killed, that it was done. */
interface Step {
  readonly act: (page: Page) => Promise<unknown>;
  readonly shown: (page: Page) => Promise<void>;
}

const visible = (find: (page: Page) => Locator) => (page: Page) => expect(find(page).first()).toBeVisible();
const button = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true });
const waits = visible((page) => page.getByRole('heading', { name: /en attente$/ }));
const photograph: Step = {
  act: async (page) => {
    await shoot(page);
    await seePhoto(page);
  },
  shown: visible((page) => page.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' })),
};

function begin(theme: RegExp): Step {
  return {
    act: async (page) => {
      await stand(page.context());
      await page.goto('/#/add');
      await page.getByRole('button', { name: theme }).click();
      await expect(page).toHaveURL(/#\/capture\//);
      await expect(page.getByText(/^Précise à/)).toBeVisible();
    },
    shown: visible((page) => page.getByRole('heading', { level: 1, name: theme })),
  };
}

function name(typed: string, term: RegExp): Step {
  return {
    act: (page) => chooseTerm(page, typed, term),
    shown: visible((page) => page.getByRole('heading', { level: 2, name: term })),
  };
}

/** A photo that was taken two hundred metres from here, and its place taken for that of the point. */
const photographElsewhere: Step = {
  act: async (page) => {
    const buffer = withExif(grainyJpeg(400, 300), { lon: 2.5512, lat: 43.3235 });
    await shoot(page, { name: 'IMG_0002.jpg', mimeType: 'image/jpeg', buffer });
    await seePhoto(page);
  },
  shown: visible(button('Prendre celle de la photo')),
};
const takeItsPlace: Step = {
  act: (page) => button('Prendre celle de la photo')(page).click(),
  shown: async (page) => {
    await expect(page.getByText('Position de la photo')).toBeVisible();
    await expect(button('Prendre celle de la photo')(page)).toHaveCount(0);
  },
};
const typePlace: Step = {
  act: async (page) => {
    await button('Ajuster')(page).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Saisir des coordonnées').click();
    await dialog.getByLabel('Latitude, en degrés').fill('43,3225');
    await dialog.getByLabel('Longitude, en degrés').fill('2,5512');
    await button('Placer à ces coordonnées')(page).click();
  },
  shown: visible((page) => page.getByText('Coordonnées saisies')),
};
const proposeWord: Step = {
  act: async (page) => {
    await button('Chercher le terme')(page).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Chercher un terme').fill('tinal de vigneron');
    await dialog.getByRole('button', { name: 'Je ne trouve pas le terme' }).click();
    await button('Proposer ce mot')(page).click();
  },
  shown: visible((page) => page.getByRole('heading', { name: '« tinal de vigneron »' })),
};

function write(label: string, text: string): Step {
  return {
    act: (page) => page.getByLabel(label).fill(text),
    shown: (page) => expect(page.getByLabel(label)).toHaveValue(text),
  };
}

function answer(option: string): Step {
  const radio = (page: Page) => page.getByRole('radio', { name: option, exact: true }).first();
  return {
    act: (page) => radio(page).check({ force: true }),
    shown: (page) => expect(radio(page)).toBeChecked(),
  };
}

const save: Step = { act: (page) => button('Enregistrer ce point')(page).click(), shown: waits };
function saveAndGoOn(count: string, next: string): Step {
  return {
    act: (page) => button('Enregistrer, puis le suivant')(page).click(),
    shown: async (page) => {
      await expect(page.getByText(`${count} dans cette série`)).toBeVisible();
      await expect(page.getByLabel('Numéro sur le mât')).toHaveValue(next);
    },
  };
}

/** Of a thing around, more than that it stands. */
function observe(name: string): Step {
  return {
    act: async (page) => {
      await stand(page.context());
      await page.goto('/#/nearby');
      await page.getByRole('button', { name: new RegExp(`^Préciser, ${name} `) }).click();
      await expect(page).toHaveURL(/#\/observe\//);
    },
    shown: visible((page) => page.getByRole('heading', { level: 1, name })),
  };
}

/** Says of every candidate nearby that it is another thing, or may be the same. */
function toldApart(words: string): Step {
  const question = (page: Page) => page.getByRole('heading', { name: 'Est-ce celui-ci ?' });
  return {
    act: async (page) => {
      await expect(question(page)).toBeVisible();
      while (await question(page).isVisible()) {
        const before = await page.getByText(/^Pourquoi/).textContent();
        await button(words)(page).click();
        await expect(
          page
            .getByText(before ?? '')
            .or(page.getByText('Gardé ici'))
            .first(),
        ).toBeVisible();
        await page.waitForTimeout(300);
      }
    },
    shown: async (page) => {
      await expect(page.getByText('Gardé ici')).toBeVisible();
      await expect(question(page)).toHaveCount(0);
    },
  };
}

const FLOWS: Record<string, readonly Step[]> = {
  heritage: [begin(/Petit patrimoine/), photograph, name('lavoir', /^Lavoir/), answer('Bon'), save],
  'lights in series': [
    begin(/Éclairage public/),
    name('lampadaire', /^(Lampadaire|Candélabre)/i),
    write('Numéro sur le mât', 'EP-0007'),
    saveAndGoOn('1 point', 'EP-0008'),
    photograph,
    saveAndGoOn('2 points', 'EP-0009'),
    { act: (page) => button('Arrêter')(page).click(), shown: waits },
  ],
  'a place from a photo, then typed, under a word proposed': [
    begin(/Petit patrimoine/),
    photographElsewhere,
    takeItsPlace,
    write('Nom d’usage', 'Puits de Zoé'),
    typePlace,
    answer('Bon'),
    proposeWord,
    save,
  ],
  accessibility: [
    begin(/Accessibilité/),
    write('Nom de l’établissement', 'Le Fournil'),
    name('boulang', /^Boulangerie/),
    answer('Oui'),
    save,
  ],
};

/** What is done of things already known, once the first three captures are public. */
const KNOWN_FLOWS: Record<string, readonly Step[]> = {
  observe: [
    observe('Lavoir'),
    photograph,
    answer('Bon'),
    {
      act: (page) => button('Dire qu’il est toujours là')(page).click(),
      shown: visible((page) => page.getByText('Confirmé aujourd’hui')),
    },
  ],
  gone: [
    observe('EP-0007'),
    {
      act: (page) => button('Plus là')(page).click(),
      shown: visible((page) => page.getByText(/^Photographiez l’endroit/)),
    },
    photograph,
    {
      act: (page) => button('Signaler qu’il n’y est plus')(page).click(),
      shown: visible((page) => page.getByText('Signalé aujourd’hui : plus là')),
    },
  ],
  'it is this one': [
    begin(/Accessibilité/),
    photograph,
    {
      act: async (page) => {
        await button('C’est celui-ci')(page).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Dire qu’il est toujours là' }).click();
      },
      shown: waits,
    },
  ],
  'its sheet completed': [
    begin(/Accessibilité/),
    photograph,
    {
      act: async (page) => {
        await button('C’est celui-ci')(page).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Compléter sa fiche' }).click();
      },
      shown: async (page) => {
        await expect(button('Envoyer à la modération')(page)).toBeVisible();
        await expect(page.getByLabel('Nom de l’établissement')).toHaveValue('Le Fournil');
        await expect(page.getByRole('button', { name: /^Ouvrir la photo 1 sur/ })).toBeVisible();
      },
    },
    { act: (page) => button('Envoyer à la modération')(page).click(), shown: waits },
  ],
  'another one': [
    begin(/Petit patrimoine/),
    name('abreuvoir', /^Abreuvoir/),
    toldApart('Non, un autre'),
    save,
  ],
  'not sure': [
    begin(/Petit patrimoine/),
    name('lavoir', /^Lavoir/),
    toldApart('Je ne sais pas : à la modération de voir'),
    save,
  ],
};

/** After every other step in the whole suite, after each with `npm run test:kill`. */
const STRIDE = process.env['KILLS'] === undefined ? 2 : 1;

test('the browser killed after each step of a capture, of a visit, of a duplicate told apart loses none of them', async () => {
  test.setTimeout(480_000);
  const ground = await openGround();
  const phone = await PhoneApp.buy(ground.server.url);
  let page = await phone.open();
  await settleIn(page);
  // A clean end, once: the session is on the disk.
  await phone.close();
  page = await phone.open({ offline: true });

  const walk = async (flows: Record<string, readonly Step[]>) => {
    for (const [flow, steps] of Object.entries(flows)) {
      for (const [index, step] of steps.entries()) {
        await test.step(`${flow}, ${index + 1}`, async () => {
          await step.act(page);
          await step.shown(page);
          // The form says so itself: what it says is what must be there.
          if (/\/(capture|observe)\//.test(page.url()))
            await expect(page.getByText('Gardé ici')).toBeVisible();
          if (index % STRIDE !== 0) return;
          const address = page.url();
          await phone.kill();
          page = await phone.open({ offline: true });
          await stand(phone.context);
          await page.goto(address);
          await step.shown(page);
        });
      }
    }
  };
  await walk(FLOWS);
  expect((await readDisk(page)).drafts).toEqual([]);

  await phone.context.setOffline(false);
  await arriveWhole(page);
  const arrived = await ground.server.sql<{ name: string; photos: number }>(
    `select coalesce(p.attributes ->> 'ref', p.attributes ->> 'name', p.concept) as name, count(f.id)::int as photos
     from app.points as p left join app.photos as f on f.point_id = p.id group by p.id order by 1`,
  );
  expect(arrived).toEqual([
    { name: 'EP-0007', photos: 0 },
    { name: 'EP-0008', photos: 1 },
    { name: 'Le Fournil', photos: 0 },
    { name: 'Puits de Zoé', photos: 1 },
    { name: 'lavoir', photos: 1 },
  ]);
  const placed = await ground.server.sql(
    `select p.position_source as source, t.text from app.term_proposals as t join app.points as p on p.id = t.point_id`,
  );
  expect(placed).toEqual([{ source: 'typed', text: 'tinal de vigneron' }]);

  // What was captured is public now, and this phone has heard of it: the next ones stand beside it.
  await ground.server.sql("update app.points set status = 'published'");
  await ground.server.sql('select private.touch_point(id) from app.points');
  await page.goto('/#/outbox');
  await page.reload();
  await stand(phone.context);
  await page.goto('/#/nearby');
  await expect(page.getByRole('button', { name: /^Préciser, / })).toHaveCount(5, { timeout: 60_000 });
  await phone.context.setOffline(true);
  await walk(KNOWN_FLOWS);
  expect((await readDisk(page)).drafts).toEqual([]);
  await phone.context.setOffline(false);
  await arriveWhole(page);
  const said = await ground.server.sql(
    `select coalesce(p.attributes ->> 'ref', p.attributes ->> 'name', p.concept) as name, c.found,
       (select count(*)::int from app.photos as f where f.point_id = p.id) as photos
     from app.confirmations as c join app.points as p on p.id = c.point_id order by 1`,
  );
  expect(said).toEqual([
    { name: 'EP-0007', found: false, photos: 1 },
    { name: 'Le Fournil', found: true, photos: 2 },
    { name: 'lavoir', found: true, photos: 2 },
  ]);
  const compared = await ground.server.sql(
    `select p.concept, (select count(*)::int from app.ruled_out as r where r.point_id = p.id) as others,
       (select count(*)::int from app.doubts as d where d.point_id = p.id) as doubts
     from app.points as p where p.status = 'submitted' order by 1`,
  );
  expect(compared).toEqual([
    { concept: 'abreuvoir', others: 1, doubts: 0 },
    { concept: 'lavoir', others: 0, doubts: 2 },
  ]);
  await test.step('saved, its photos not ready', async () => {
    await phone.context.setOffline(true);
    await killBeforeItsPhotosAreReady(phone, ground);
  });
  await phone.scrap();
  await ground.close();
});
