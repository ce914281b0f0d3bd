-- Mails were written in French alone. Their words are rows now, in French and English, and everybody is written to in the
-- language in which they use the app.
alter table app.profiles add column lang text not null default 'fr' check (lang in ('fr', 'en'));
comment on column app.profiles.lang is 'The language in which the person is written to: the one of their app.';

create table app.mail_texts (
  key text not null,
  lang text not null check (lang in ('fr', 'en')),
  text text not null check (char_length(text) between 1 and 2000),
  primary key (key, lang)
);
alter table app.mail_texts enable row level security;
comment on table app.mail_texts is 'What mails say, with {names} of what is filled in. A key that lacks a language is told in French.';

create function private.mail_text(text_key text, in_lang text, filled jsonb default '{}')
returns text
language sql
stable
set search_path = ''
as $$
  -- One walk over the text: what is filled in is never read for names again. A name without a value leaves no text at all.
  select case when bool_and(part[3] is null or filled ->> part[3] is not null)
    then string_agg(concat(part[1], filled ->> part[3]), '' order by n) end
  from (select text from app.mail_texts where key = text_key and lang in (in_lang, 'fr') order by lang = in_lang desc limit 1) as chosen
  cross join lateral regexp_matches(chosen.text, '([^{]*)(\{([a-z_]+)\})?', 'g') with ordinality as walked (part, n);
$$;
comment on function private.mail_text(text, text, jsonb) is
  'A text of mails in a language, else in French, its {names} filled in; null for a key that is not known, or without the value of a name.';

create function private.language_of(who uuid)
returns text
language sql
stable
set search_path = ''
as $$ select coalesce((select lang from app.profiles where user_id = who), 'fr'); $$;
comment on function private.language_of(uuid) is 'The language in which somebody is written to.';

create function private.label_in(labels jsonb, lang text)
returns text
language sql
immutable
set search_path = ''
as $$ select coalesce(labels ->> lang, labels ->> 'fr'); $$;
comment on function private.label_in(jsonb, text) is 'A label of the seed in a language, else in French.';

create or replace function private.preferences_json(who uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('digest', p.digest, 'lang', p.lang, 'follows', (
    select coalesce(jsonb_agg(private.follow_json(f) order by f.kind, f.created_at, f.target), '[]')
    from app.follows as f where f.user_id = who))
  from app.profiles as p where p.user_id = who;
$$;

revoke all on function private.mail_text(text, text, jsonb), private.language_of(uuid), private.label_in(jsonb, text) from public;
