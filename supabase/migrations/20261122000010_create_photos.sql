create table app.photos (
  id uuid primary key,
  point_id uuid not null references app.points,
  user_id uuid references app.profiles on delete set null,
  path text not null unique,
  thumb_path text,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes int not null check (size_bytes > 0),
  width int not null check (width > 0),
  height int not null check (height > 0),
  taken_at timestamptz,
  licence text not null,
  caption text check (char_length(caption) <= 400),
  position jsonb,
  state text not null default 'pending' check (state in ('pending', 'published', 'refused')),
  public_path text,
  public_thumb_path text,
  created_at timestamptz not null default now()
);
create index photos_point_id_idx on app.photos (point_id);
create index photos_user_id_idx on app.photos (user_id);
alter table app.photos enable row level security;
comment on table app.photos is 'Photos that photo_commit has read and checked. The bytes are in Storage.';
comment on column app.photos.public_path is 'Set once the worker has copied the photo to the public bucket; null again when it has been deleted there.';
