import type { Database, Row } from './database.ts';
import { sqlFiles } from './migrate.ts';

/** Version of the wire contract that this server speaks. */
const contract = 1;

/** Answers `GET /healthz` (contract §1), with 503 as long as the database doesn't answer. */
export async function health(database: Database): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store' };
  try {
    const [row] = await database.query<HealthRow>(healthQuery);
    if (!row) throw new Error('no answer');
    const { postgis, migrations } = row;
    return Response.json(
      {
        status: 'ok',
        contract,
        database: database.kind,
        postgis,
        migrations,
        horizon_age_s: Math.max(row.visible_age_s, watchedAge(database, row, Date.now())),
        pending_jobs: await countPendingJobs(database),
      },
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

interface HealthRow extends Row {
  postgis: string;
  migrations: number;
  /** Seconds since the oldest writing transaction that this role may see began. */
  visible_age_s: number;
  /** Oldest transaction that still writes, and the one after the last that has ended: equal when nothing waits. */
  oldest: string;
  next: string;
}

// The horizon is held back by the oldest transaction that writes, in any database of the cluster.
const healthQuery = `
  select
    split_part(extensions.postgis_lib_version(), '-', 1) as postgis,
    (select count(*)::int from supabase_migrations.schema_migrations where version ~ '^[0-9]+$') as migrations,
    coalesce((
      select round(extract(epoch from max(clock_timestamp() - xact_start)))::int
      from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()), 0) as visible_age_s,
    pg_snapshot_xmin(pg_current_snapshot())::text as oldest,
    pg_snapshot_xmax(pg_current_snapshot())::text as next`;

/** Since when each database has had the horizon that it has. */
const horizons = new WeakMap<Database, { oldest: string; since: number }>();

/**
 * Seconds for which the horizon has been seen standing still: whose transaction holds it is hidden
 * from a role that is no monitor of the cluster, that it stands still is not.
 */
function watchedAge(database: Database, { oldest, next }: HealthRow, now: number): number {
  const known = horizons.get(database);
  const since = known?.oldest === oldest ? known.since : now;
  horizons.set(database, { oldest, since });
  return oldest === next ? 0 : Math.round((now - since) / 1000);
}

async function countPendingJobs(database: Database): Promise<number> {
  if ((await sqlFiles('migrations')).length === 0) return 0;
  const [row] = await database.query<{ count: number }>(
    'select count(*)::int as count from app.jobs where done_at is null',
  );
  return row?.count ?? 0;
}
