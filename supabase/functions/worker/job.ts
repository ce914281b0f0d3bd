/** A photo that a job copies to the public bucket, or whose public copies it deletes. */
export interface JobPhoto {
  id: string;
  /** In the private bucket. */
  path: string;
  thumb_path: string | null;
  sha256: string;
  /** In the public bucket; null as long as there is no copy. */
  public_path: string | null;
  public_thumb_path: string | null;
}

/**
 * A job as `worker_take {limit}` hands it out: locked for a while, so that another worker doesn't
 * run it too. `photos` comes with the two kinds that are about photos, `objects` with the one that
 * deletes what nobody knows, `mail` with the one that sends it.
 */
export interface Job {
  id: number;
  kind: string;
  payload: Record<string, unknown>;
  photos?: JobPhoto[];
  objects?: { bucket: string; name: string }[];
  mail?: { to: string; subject: string; text: string } | null;
}

/** What `worker_done` is told: the error of a job that failed, else what became of the photos. */
export interface JobOutcome {
  id: number;
  error?: string;
  photos?: Pick<JobPhoto, 'id' | 'public_path' | 'public_thumb_path'>[];
}
