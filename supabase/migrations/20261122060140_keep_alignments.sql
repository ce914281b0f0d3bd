-- Which concept a value of another database means is decided once: the next delivery of the same source, and other sources, start from there.
create table app.alignments (
  scheme text not null references app.concept_schemes (id),
  source text not null check (char_length(source) between 1 and 120),
  value text not null check (char_length(value) between 1 and 200),
  folded text not null generated always as (private.fold(value)) stored,
  concept text references app.concepts (id),
  decided_by uuid references app.profiles on delete set null,
  decided_at timestamptz not null default now(),
  primary key (scheme, source, value)
);
create index alignments_folded_idx on app.alignments (scheme, folded);
create index alignments_concept_idx on app.alignments (concept);
create index alignments_decided_by_idx on app.alignments (decided_by);
alter table app.alignments enable row level security;
comment on table app.alignments is 'What the distinct values of other databases mean in a vocabulary, as somebody who looks after it decided.';
comment on column app.alignments.source is 'The database that a value stands in, by the name that people gave it.';
comment on column app.alignments.value is 'The value as it stands there, without spaces around.';
comment on column app.alignments.folded is 'The value as one compares it: without accents, case and punctuation.';
comment on column app.alignments.concept is 'The concept that it means, as it was when decided: read through private.current_concept. Null: none of the vocabulary.';
comment on column app.alignments.decided_by is 'Who decided; null once they have left.';

create function private.alignment_source(p jsonb)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  given text := btrim(private.arg_text(p, 'source'), E' \t\n\r');
begin
  if given = '' or char_length(given) > 120 then
    perform private.invalid_argument('source : un nom de 120 caractères au plus.');
  end if;
  return given;
end;
$$;
comment on function private.alignment_source(jsonb) is 'The argument `source`, without spaces around, or null; PT400 where it is blank or too long.';

revoke all on function private.alignment_source(jsonb) from public;
