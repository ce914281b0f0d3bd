/** The bytes of a photo at an address that may be opened; null when it cannot be had now. */
export async function fetchPhotoBytes(address: string, signal: AbortSignal): Promise<ArrayBuffer | null> {
  try {
    const answer = await fetch(address, { signal });
    return answer.ok ? await answer.arrayBuffer() : null;
  } catch {
    return null;
  }
}
