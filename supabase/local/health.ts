import type { Database } from './database.ts';
import { sqlFiles } from './migrate.ts';

/** Version of the wire contract that this server speaks. */
const contract = 1;

/** Answers `GET /healthz` (contract §1), with 503 as long as the database doesn't answer. */
export async function health(database: Database): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store' };
  try {
    const [row] = await database.query(healthQuery);
    const pendingJobs = await countPendingJobs(database);
    return Response.json(
      { status: 'ok', contract, database: database.kind, ...row, pending_jobs: pendingJobs },
      { headers },
    );
  } catch (error) {
    console.error('healthz :', error);
    return Response.json(
      { status: 'unavailable', contract, database: database.kind },
      { status: 503, headers },
    );
  }
}

// The horizon is held back by the oldest transaction that writes, in any database of the cluster.
const healthQuery = `
  select
    split_part(extensions.postgis_lib_version(), '-', 1) as postgis,
    (select count(*)::int from supabase_migrations.schema_migrations where version ~ '^[0-9]+$') as migrations,
    coalesce((
      select round(extract(epoch from max(clock_timestamp() - xact_start)))::int
      from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()), 0) as horizon_age_s`;

async function countPendingJobs(database: Database): Promise<number> {
  if ((await sqlFiles('migrations')).length === 0) return 0;
  const [row] = await database.query<{ count: number }>(
    'select count(*)::int as count from app.jobs where done_at is null',
  );
  return row?.count ?? 0;
}
