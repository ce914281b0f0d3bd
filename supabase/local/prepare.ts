import { getAuthSchemaSql, getStorageSchemaSql, SUPABASE_AUTH_HELPERS_SQL } from '@supabase/lite';
import type { Database } from './database.ts';

const extensions = ['postgis', 'pg_trgm', 'unaccent'] as const;
const apiRoles = ['anon', 'authenticated', 'service_role'] as const;

/**
 * Gives a database what a Supabase project has before its first migration: the extensions in
 * their own schema, the roles of the API, the schemas `auth` and `storage`, the same default
 * privileges. Does nothing to what exists; says what is missing when it may not create it.
 */
export async function prepareDatabase(database: Database): Promise<void> {
  await database.script('create schema if not exists extensions');
  for (const extension of extensions) await ensureExtension(database, extension);
  for (const role of apiRoles) await ensureRole(database, role);
  await alone(database, SUPABASE_AUTH_HELPERS_SQL);
  await alone(database, getAuthSchemaSql());
  await alone(database, getStorageSchemaSql());
  await alone(database, historyTable);
  // Only once: the migrations take some of it back.
  const applied = await database.query('select 1 from supabase_migrations.schema_migrations limit 1');
  if (applied.length === 0) await alone(database, privileges);
}

/**
 * Runs a script while no other server does: PostgreSQL fails where two that start together write the same function
 * ("tuple concurrently updated"). Its statements are one transaction.
 */
function alone(database: Database, script: string): Promise<void> {
  return database.script(
    `select pg_advisory_xact_lock(hashtextextended('capitelle prepare', 0));\n${script}`,
  );
}

const historyTable = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (
    version text primary key,
    statements text[],
    name text
  );`;

// As on Supabase: whatever is created in public is granted to the three roles by default, so a
// function that must not be reachable has to be revoked by name.
const privileges = `
  grant usage on schema public, extensions, auth, storage to anon, authenticated, service_role;
  grant all on storage.buckets, storage.objects to anon, authenticated, service_role;
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  alter default privileges in schema public grant all on functions to anon, authenticated, service_role;`;

async function ensureExtension(database: Database, extension: string): Promise<void> {
  const present = await database.query('select 1 from pg_extension where extname = $1', [extension]);
  if (present.length > 0) return;
  await database.script(`create extension ${extension} with schema extensions`).catch((cause: unknown) => {
    throw new Error(
      `L'extension ${extension} manque dans la base et ne peut pas être créée. Avec un compte administrateur : ` +
        `create extension ${extension} with schema extensions;`,
      { cause },
    );
  });
}

async function ensureRole(database: Database, role: string): Promise<void> {
  const present = await database.query('select 1 from pg_roles where rolname = $1', [role]);
  const options = role === 'service_role' ? 'nologin bypassrls' : 'nologin';
  const failure = (cause: unknown) =>
    new Error(
      `Le rôle ${role} manque ou n'est pas accordé au compte de DATABASE_URL. Avec un compte administrateur : ` +
        `create role ${role} ${options}; grant ${role} to <compte>;`,
      { cause },
    );
  if (present.length === 0) {
    await database.script(`create role ${role} ${options}`).catch((cause: unknown) => {
      throw failure(cause);
    });
  }
  const [membership] = await database.query('select pg_has_role(current_user, $1, $2) as member', [
    role,
    'member',
  ]);
  if (membership?.['member'] === true) return;
  await database.script(`grant ${role} to current_user`).catch((cause: unknown) => {
    throw failure(cause);
  });
}
