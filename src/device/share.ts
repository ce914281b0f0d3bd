/**
 * Hands a file to the person: the system's share sheet where it takes files (phones), a download
 * elsewhere. Resolves to false when the person closed the sheet.
 */
export async function shareFile(file: File): Promise<boolean> {
  if (isTouchDevice() && navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file], title: file.name });
      return true;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return false;
      // A browser that promised and then refused: the download always works.
    }
  }
  downloadFile(file);
  return true;
}

/** Saves a file in the downloads. */
function downloadFile(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  // The browser reads the address after the click returns.
  setTimeout(() => URL.revokeObjectURL(url), DOWNLOAD_GRACE_MS);
}

const DOWNLOAD_GRACE_MS = 60_000;

const isTouchDevice = () => matchMedia('(pointer: coarse)').matches;
