/** A JSON answer; never cached, since it depends on who asks. */
export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { 'Cache-Control': 'no-store' } });
}

/** An error in the shape of contract §2. */
export function failure(status: number, message: string, details = ''): Response {
  return json({ code: `PT${status}`, message, details, hint: '' }, status);
}
