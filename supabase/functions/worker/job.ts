/** A photo that a job copies to the public bucket, or whose public copies it deletes. */
export interface JobPhoto {
  photo_id: string;
  /** In the private bucket. */
  path: string;
  thumb_path: string | null;
  /** In the public bucket. */
  public_path: string;
  public_thumb_path: string | null;
}

/** A job as `worker_take` hands it out, with the photos it is about as things stand now. */
export interface Job {
  id: number;
  kind: string;
  payload: Record<string, unknown>;
  photos: JobPhoto[];
}
